package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.HttpClientService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failure analyses of applications that cannot start. Pools of HTTP clients
 * are covered by {@link PoolMisuseTests}.
 */
class PoolFailureAnalysisTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "max-services=0 | it must be at least 1.",
			"max-services=-1 | it must be at least 1.", "min-services=0 | it must be at least 1.",
			"max-concurrency=0 | it must be at least 1.", "min-services=-2 | it must be at least 1.",
			"max-concurrency=-1 | it must be at least 1.", "max-waiting=0 | it must be at least 1.",
			"max-waiting=-1 | it must be at least 1.", "initial=NaN | it must be between 0 and 1.",
			"loaded-above=NaN | it must be between 0 and 1.", "underutilized-below=NaN | it must be between 0 and 1.",
			"urgency=NaN | it must be between 0 and 1.", "initial=-0.1 | it must be between 0 and 1.",
			"underutilized-below=1.5 | it must be between 0 and 1.", "loaded-above=1.5 | it must be between 0 and 1.",
			"underutilized-below=-0.5 | it must be between 0 and 1.",
			"loaded-above=0.05 | it must be at least initial (0.1).",
			"underutilized-below=0.15 | it must be at most initial (0.1)." })
	void namesPropertyWithInvalidValue(String property, String remedy) {
		String key = property.substring(0, property.indexOf('='));
		String value = property.substring(property.indexOf('=') + 1);
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.model." + property);
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'model' cannot be created: 'pool.instances.model." + key + "' is " + value + ".");
		assertThat(analysis.getAction()).isEqualTo("Change 'pool.instances.model." + key + "': " + remedy);
	}

	@ParameterizedTest
	@CsvSource({ "acquire-timeout=-1s, PT-1S, it must not be negative",
			"create-timeout=-5s, PT-5S, it must be greater than zero",
			"backoff=-1s, PT-1S, it must be greater than zero", "max-backoff=-1s, PT-1S, it must be greater than zero",
			"create-timeout=0s, PT0S, it must be greater than zero",
			"close-timeout=-1ms, PT-0.001S, it must not be negative", "backoff=0s, PT0S, it must be greater than zero",
			"max-backoff=1ms, PT0.001S, it must be at least backoff (PT0.1S)" })
	void namesPropertyWithInvalidDuration(String property, String value, String remedy) {
		String key = property.substring(0, property.indexOf('='));
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.model." + property);
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'model' cannot be created: 'pool.instances.model." + key + "' is " + value + ".");
		assertThat(analysis.getAction()).isEqualTo("Change 'pool.instances.model." + key + "': " + remedy + ".");
	}

	@Test
	void namesGlobalPropertyWithInvalidValue() {
		FailureAnalysis analysis = analyze(Model.class, "pool.max-services=0", "pool.instances.model.min-services=1");
		assertThat(analysis.getDescription()).isEqualTo("Pool 'model' cannot be created: 'pool.max-services' is 0.");
		assertThat(analysis.getAction()).isEqualTo("Change 'pool.max-services': it must be at least 1.");
	}

	@Test
	void namesUnsetPropertyWhenItsDefaultIsInvalid() {
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.model.initial=0.3");
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'model' cannot be created: 'pool.instances.model.loaded-above' is 0.2 by default.");
		assertThat(analysis.getAction())
			.isEqualTo("Change 'pool.instances.model.loaded-above': it must be at least initial (0.3).");
	}

	@Test
	void rejectsMinServicesAboveMaxServices() {
		FailureAnalysis analysis = analyze(Model.class, "pool.min-services=3", "pool.instances.model.max-services=2");
		assertThat(analysis.getDescription()).isEqualTo("Pool 'model' cannot be created: 'pool.min-services' is 3.");
		assertThat(analysis.getAction()).isEqualTo("Change 'pool.min-services': it must be at most max-services (2).");
	}

	@Test
	void rejectsInvalidTargetOfHttpServiceFactory() {
		FailureAnalysis analysis = analyze(Quotes.class, "pool.instances.quotes.targets=localhost:8080");
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'quotes' cannot be created: 'pool.instances.quotes.targets' contains 'localhost:8080'.");
	}

	@Test
	void rejectsDuplicateTarget() {
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.model.targets=a,b,a");
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'model' cannot be created: 'pool.instances.model.targets' contains 'a' and 'a'.");
		assertThat(analysis.getAction())
			.isEqualTo("Change 'pool.instances.model.targets': it must contain each target only once.");
	}

	@Test
	void rejectsInvalidTargetWhenPoolingIsDisabled() {
		FailureAnalysis analysis = analyze(Mistaken.class, "pool.enabled=false",
				"pool.instances.model.targets=http://a,localhost:8080");
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'model' cannot be created: 'pool.instances.model.targets' contains 'localhost:8080'.");
		assertThat(analysis.getAction())
			.isEqualTo("Change 'pool.instances.model.targets': it must start with http:// or https://.");
	}

	@Test
	void namesUnknownInstance() {
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.modle.max-services=2");
		assertThat(analysis.getDescription()).isEqualTo(
				"'pool.instances.modle' configures the pool 'modle', but no targets are set, and no ServiceFactory"
						+ " bean or Pool bean has that name; the pools are 'model'.");
		assertThat(analysis.getAction())
			.isEqualTo("Set 'pool.instances.modle.targets' to create a pool of HTTP clients, correct the name, declare"
					+ " a ServiceFactory bean named 'modle', or remove 'pool.instances.modle'.");
	}

	@Test
	void namesUnknownInstanceWhenNoPoolExists() {
		FailureAnalysis analysis = analyze(Empty.class, "pool.instances.modle.max-services=2");
		assertThat(analysis.getDescription()).endsWith("has that name; no pools exist.");
	}

	@Test
	void namesPoolsWithSameUrl() {
		FailureAnalysis analysis = analyze(Empty.class, "pool.instances.a.targets=http://127.0.0.1:1",
				"pool.instances.a.url=http://search", "pool.instances.b.targets=http://127.0.0.1:2",
				"pool.instances.b.url=http://SEARCH:80");
		assertThat(analysis.getDescription())
			.isEqualTo("The pools 'a' and 'b' have the same address http://SEARCH:80.");
		assertThat(analysis.getAction())
			.isEqualTo("Set 'pool.instances.NAME.url' to different addresses, or configure only one pool.");
	}

	@Test
	void rejectsUrlOfNonHttpPool() {
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.model.url=http://model");
		assertThat(analysis.getDescription()).startsWith("Pool 'model' accepts ").endsWith(", not HTTP requests.");
	}

	@Test
	void namesPoolsWithSameName() {
		FailureAnalysis analysis = analyze(Twins.class);
		assertThat(analysis.getDescription()).startsWith("Two pools are named '")
			.endsWith(", ignoring case and dashes: the beans 'modelAPool' and 'model-aPool'.");
		assertThat(analysis.getAction()).isEqualTo("Rename one of the beans; a pool that is created for a"
				+ " ServiceFactory bean has the name of that bean.");
	}

	@Test
	void namesBeanThatConflictsWithConfiguredPool() {
		FailureAnalysis analysis = analyze(Taken.class, "pool.instances.model.enabled=false",
				"pool.instances.other.targets=http://a");
		assertThat(analysis.getDescription())
			.isEqualTo("The pool 'other' requires the bean name 'otherPool', but the bean of that name is not a Pool.");
	}

	@Test
	void namesBeanThatConflictsWithPool() {
		FailureAnalysis analysis = analyze(Taken.class);
		assertThat(analysis.getDescription())
			.isEqualTo("The pool 'model' requires the bean name 'modelPool', but the bean of that name is not a Pool.");
		assertThat(analysis.getAction()).isEqualTo("Rename the pool or the bean.");
	}

	@Test
	void rejectsClientForNonHttpPool() {
		FailureAnalysis analysis = analyze(Mistaken.class);
		assertThat(analysis.getDescription()).isEqualTo("Pool 'model' accepts String, not HTTP requests.");
		assertThat(analysis.getAction()).isEqualTo(
				"Inject the Pool and call it, or declare its ServiceFactory or Pool bean with the types HttpCall and"
						+ " ClientHttpResponse.");
	}

	@Test
	void namesInvalidSettingOfPoolBuiltByApplication() {
		FailureAnalysis analysis = analyze(OwnPool.class);
		assertThat(analysis.getDescription()).isEqualTo("A pool cannot be created: its setting 'maxServices' is 0.");
		assertThat(analysis.getAction())
			.isEqualTo("Change 'maxServices' where the pool is built: it must be at least 1.");
	}

	private FailureAnalysis analyze(Class<?> configuration, String... properties) {
		return StartupFailures.analyze(this.runner.withUserConfiguration(configuration), properties);
	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

	@Configuration(proxyBeanMethods = false)
	static class Model {

		@Bean
		ServiceFactory<String, Integer> model() {
			return (target) -> Service.of(String::length);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Quotes {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> quotes() {
			return (target) -> HttpClientService.of(target, new JdkClientHttpRequestFactory());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Twins {

		@Bean
		ServiceFactory<String, Integer> modelA() {
			return (target) -> Service.of(String::length);
		}

		@Bean("model-a")
		ServiceFactory<String, Integer> other() {
			return (target) -> Service.of(String::length);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Taken extends Model {

		@Bean
		Target modelPool() {
			return Target.of("not a pool");
		}

		@Bean
		String otherPool() {
			return "not a pool";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Mistaken extends Model {

		@Bean
		Object client(RestClientPools pools) {
			return pools.fromPool("model");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPool {

		@Bean
		Pool<String, Integer> own() {
			return Pool.builder().maxServices(0).build((target) -> Service.of(String::length));
		}

	}

}
