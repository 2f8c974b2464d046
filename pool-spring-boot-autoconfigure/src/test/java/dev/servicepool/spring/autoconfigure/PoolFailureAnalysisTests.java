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
 * Tests for what an application says that cannot start. Misuses of pools of HTTP clients
 * are in {@link PoolMisuseTests}.
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
			"loaded-above=0.05 | it must not be below initial, which is 0.1.",
			"underutilized-below=0.15 | it must not be above initial, which is 0.1." })
	void namesThePropertyThatHasAnImpossibleValue(String property, String remedy) {
		String key = property.substring(0, property.indexOf('='));
		String value = property.substring(property.indexOf('=') + 1);
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.model." + property);
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'model' cannot be made: 'pool.instances.model." + key + "' is " + value + ".");
		assertThat(analysis.getAction()).isEqualTo("Change 'pool.instances.model." + key + "': " + remedy);
	}

	@ParameterizedTest
	@CsvSource({ "acquire-timeout=-1s, PT-1S, it must not be negative",
			"create-timeout=-5s, PT-5S, it must be greater than zero",
			"backoff=-1s, PT-1S, it must be greater than zero", "max-backoff=-1s, PT-1S, it must be greater than zero",
			"create-timeout=0s, PT0S, it must be greater than zero",
			"close-timeout=-1ms, PT-0.001S, it must not be negative", "backoff=0s, PT0S, it must be greater than zero",
			"max-backoff=1ms, PT0.001S, 'it must not be below backoff, which is PT0.1S'" })
	void namesThePropertyThatHasAnImpossibleDuration(String property, String value, String remedy) {
		String key = property.substring(0, property.indexOf('='));
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.model." + property);
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'model' cannot be made: 'pool.instances.model." + key + "' is " + value + ".");
		assertThat(analysis.getAction()).isEqualTo("Change 'pool.instances.model." + key + "': " + remedy + ".");
	}

	@Test
	void namesThePropertyOfAllPoolsIfThatIsAtFault() {
		FailureAnalysis analysis = analyze(Model.class, "pool.max-services=0", "pool.instances.model.min-services=1");
		assertThat(analysis.getDescription()).isEqualTo("Pool 'model' cannot be made: 'pool.max-services' is 0.");
		assertThat(analysis.getAction()).isEqualTo("Change 'pool.max-services': it must be at least 1.");
	}

	@Test
	void namesThePropertyThatIsNotSetIfItsDefaultIsAtFault() {
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.model.initial=0.3");
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'model' cannot be made: 'pool.instances.model.loaded-above' is 0.2 by default.");
		assertThat(analysis.getAction())
			.isEqualTo("Change 'pool.instances.model.loaded-above': it must not be below initial, which is 0.3.");
	}

	@Test
	void saysThatTheLeastNumberOfServicesIsAboveTheGreatest() {
		FailureAnalysis analysis = analyze(Model.class, "pool.min-services=3", "pool.instances.model.max-services=2");
		assertThat(analysis.getDescription()).isEqualTo("Pool 'model' cannot be made: 'pool.min-services' is 3.");
		assertThat(analysis.getAction())
			.isEqualTo("Change 'pool.min-services': it must not be above maxServices, which is 2.");
	}

	@Test
	void refusesWhatIsNoTargetForAFactoryOfHttpClients() {
		FailureAnalysis analysis = analyze(Quotes.class, "pool.instances.quotes.targets=localhost:8080");
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'quotes' cannot be made: 'pool.instances.quotes.targets' contains 'localhost:8080'.");
	}

	@Test
	void saysThatATargetOfAnyKindIsGivenTwice() {
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.model.targets=a,b,a");
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'model' cannot be made: 'pool.instances.model.targets' contains 'a' and 'a'.");
		assertThat(analysis.getAction())
			.isEqualTo("Change 'pool.instances.model.targets': each target must be given once.");
	}

	@Test
	void refusesWhatIsNoTargetEvenIfPoolingIsSwitchedOff() {
		FailureAnalysis analysis = analyze(Mistaken.class, "pool.enabled=false",
				"pool.instances.model.targets=http://a,localhost:8080");
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'model' cannot be made: 'pool.instances.model.targets' contains 'localhost:8080'.");
		assertThat(analysis.getAction())
			.isEqualTo("Change 'pool.instances.model.targets': start it with http:// or https://.");
	}

	@Test
	void namesAnInstanceThatIsNoPool() {
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.modle.max-services=2");
		assertThat(analysis.getDescription()).isEqualTo(
				"'pool.instances.modle' configures the pool 'modle', but it has no targets, and no ServiceFactory"
						+ " bean and no Pool bean has that name; the pools are 'model'.");
		assertThat(analysis.getAction())
			.isEqualTo("Set 'pool.instances.modle.targets' for a pool of HTTP clients, correct the name, declare a"
					+ " ServiceFactory bean named 'modle', or remove 'pool.instances.modle'.");
	}

	@Test
	void namesAnInstanceIfThereIsNoPoolAtAll() {
		FailureAnalysis analysis = analyze(Empty.class, "pool.instances.modle.max-services=2");
		assertThat(analysis.getDescription()).endsWith("has that name; there are no pools.");
	}

	@Test
	void namesTwoPoolsThatStandForOneAddress() {
		FailureAnalysis analysis = analyze(Empty.class, "pool.instances.a.targets=http://127.0.0.1:1",
				"pool.instances.a.url=http://search", "pool.instances.b.targets=http://127.0.0.1:2",
				"pool.instances.b.url=http://SEARCH:80");
		assertThat(analysis.getDescription()).isEqualTo("The pools 'a' and 'b' both stand for http://SEARCH:80.");
		assertThat(analysis.getAction())
			.isEqualTo("Give them different addresses by 'pool.instances.NAME.url', or make them one pool.");
	}

	@Test
	void namesAnAddressOfAPoolThatDoesNotTakeHttpRequests() {
		FailureAnalysis analysis = analyze(Model.class, "pool.instances.model.url=http://model");
		assertThat(analysis.getDescription()).startsWith("Pool 'model' takes ").endsWith(", not HTTP requests.");
	}

	@Test
	void namesTwoPoolsOfOneName() {
		FailureAnalysis analysis = analyze(Twins.class);
		assertThat(analysis.getDescription()).startsWith("Two pools are named '")
			.endsWith(", ignoring case and dashes: the beans 'modelAPool' and 'model-aPool'.");
		assertThat(analysis.getAction())
			.isEqualTo("Rename one of them; a pool made for a ServiceFactory bean is named after that.");
	}

	@Test
	void namesABeanThatTakesTheNameOfAConfiguredPool() {
		FailureAnalysis analysis = analyze(Taken.class, "pool.instances.model.enabled=false",
				"pool.instances.other.targets=http://a");
		assertThat(analysis.getDescription()).isEqualTo(
				"The pool 'other' is to be the bean 'otherPool', but there is a bean of that name which is not a Pool.");
	}

	@Test
	void namesABeanThatTakesTheNameOfAPool() {
		FailureAnalysis analysis = analyze(Taken.class);
		assertThat(analysis.getDescription()).isEqualTo(
				"The pool 'model' is to be the bean 'modelPool', but there is a bean of that name which is not a Pool.");
		assertThat(analysis.getAction()).isEqualTo("Rename one of them.");
	}

	@Test
	void namesAPoolThatDoesNotTakeHttpRequests() {
		FailureAnalysis analysis = analyze(Mistaken.class);
		assertThat(analysis.getDescription()).isEqualTo("Pool 'model' takes String, not HTTP requests.");
		assertThat(analysis.getAction())
			.isEqualTo("Call it by its Pool bean, or declare its bean with the types HttpCall and ClientHttpResponse.");
	}

	@Test
	void namesTheSettingOfAPoolThatTheApplicationBuilds() {
		FailureAnalysis analysis = analyze(OwnPool.class);
		assertThat(analysis.getDescription()).isEqualTo("A pool cannot be built: its setting 'maxServices' is 0.");
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
