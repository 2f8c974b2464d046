package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.RestClientPools;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that clients work as before when their pools are disabled.
 */
class DisabledPoolTests {

	@AutoClose
	private final Server server = Server.responding("ok");

	@AutoClose
	private final Server other = Server.responding("other");

	private final ApplicationContextRunner runner = Applications.plain()
		.withPropertyValues("pool.instances.search.targets=" + this.server.uri() + "," + this.other.uri());

	@ParameterizedTest
	@ValueSource(strings = { "pool.enabled=false", "pool.instances.search.enabled=false" })
	void requestsGoToFirstTargetWhenUrlIsNotTarget(String property) {
		this.runner.withPropertyValues("pool.instances.search.url=http://search", property).run((context) -> {
			assertThat(responses(context, "http://search/a%20b?q=1+1")).containsOnly("ok");
			assertThat(this.server.requests().get(0).uri()).isEqualTo("/a%20b?q=1+1");
			assertThat(fromPool(context, "http://anything")).isEqualTo("ok");
			assertThat(context.getBean(PoolRegistry.class).all()).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.enabled=false", "pool.instances.search.enabled=false" })
	void requestsGoToUrlWhenUrlIsTarget(String property) {
		this.runner.withPropertyValues("pool.instances.search.url=" + this.other.uri(), property).run((context) -> {
			assertThat(responses(context, this.other.uri().toString())).containsOnly("other");
			assertThat(fromPool(context, "http://anything")).isEqualTo("other");
		});
	}

	@Test
	void otherPoolWithSameUrlServesRequests() {
		this.runner
			.withPropertyValues("pool.instances.search.url=http://search", "pool.instances.search.enabled=false",
					"pool.instances.next.url=http://search", "pool.instances.next.targets=" + this.other.uri())
			.run((context) -> {
				assertThat(responses(context, "http://search")).containsOnly("other");
				assertThat(context.getBean("nextPool", Pool.class).snapshot().totals().calls().succeeded())
					.isEqualTo(10);
			});
	}

	@Test
	void requestsHaveSameTagsWithAndWithoutPool() {
		ApplicationContextRunner runner = this.runner.withPropertyValues("pool.instances.search.url=http://search");
		List<KeyValue> pooled = tags(runner);
		assertThat(pooled).contains(KeyValue.of("client.name", "search"), KeyValue.of("uri", "/{id}"));
		assertThat(tags(runner.withPropertyValues("pool.enabled=false"))).isEqualTo(pooled);
		assertThat(tags(runner.withPropertyValues("pool.instances.search.enabled=false"))).isEqualTo(pooled);
	}

	@Test
	void otherPoolsWorkWhenPoolingIsDisabled() {
		this.runner.withPropertyValues("pool.enabled=false")
			.withUserConfiguration(Lengths.class)
			.run((context) -> assertThat(context.getBean(Lengths.User.class).length("word")).isEqualTo(4));
	}

	private static List<KeyValue> tags(ApplicationContextRunner runner) {
		Requests requests = new Requests();
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(requests);
		runner.withConfiguration(AutoConfigurations.of(RestClientObservationAutoConfiguration.class))
			.withBean(ObservationRegistry.class, () -> registry)
			.run((context) -> context.getBean(RestClient.Builder.class)
				.build()
				.get()
				.uri("http://search/{id}", 7)
				.retrieve()
				.toBodilessEntity());
		return requests.tags;
	}

	private static List<String> responses(ApplicationContext context, String uri) {
		RestClient client = context.getBean(RestClient.Builder.class).build();
		Supplier<String> call = () -> client.get().uri(URI.create(uri)).retrieve().requiredBody(String.class);
		return IntStream.range(0, 10).mapToObj((i) -> call.get()).toList();
	}

	private static String fromPool(ApplicationContext context, String uri) {
		return context.getBean(RestClient.Builder.class)
			.apply(context.getBean(RestClientPools.class).fromPool("search"))
			.build()
			.get()
			.uri(uri)
			.retrieve()
			.requiredBody(String.class);
	}

	/**
	 * Handler that records the tags of HTTP requests.
	 */
	private static final class Requests implements ObservationHandler<Observation.Context> {

		private List<KeyValue> tags = List.of();

		@Override
		public void onStop(Observation.Context context) {
			if ("http.client.requests".equals(context.getName())) {
				this.tags = context.getLowCardinalityKeyValues().stream().toList();
			}
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Lengths {

		@Bean
		ServiceFactory<String, Integer> lengths() {
			return (target) -> Service.of(String::length);
		}

		@Bean
		User user(Pool<String, Integer> lengths) {
			return new User(lengths);
		}

		record User(Pool<String, Integer> pool) {

			int length(String text) throws Exception {
				return this.pool.call(text);
			}

		}

	}

}
