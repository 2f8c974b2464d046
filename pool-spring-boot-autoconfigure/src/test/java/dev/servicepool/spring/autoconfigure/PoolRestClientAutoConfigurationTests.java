package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.Pool;
import dev.servicepool.PoolSettings;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import dev.servicepool.fixtures.Received;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.HttpClientService;
import dev.servicepool.spring.http.PooledClientHttpRequestInterceptor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.test.web.client.match.MockRestRequestMatchers;
import org.springframework.test.web.client.response.MockRestResponseCreators;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PoolRestClientAutoConfiguration}.
 */
class PoolRestClientAutoConfigurationTests {

	private final ApplicationContextRunner runner = Applications.plain();

	@AutoClose
	private final Server server = Server.responding("ok");

	@Test
	void createsInterceptorForEachHttpServiceFactory() {
		this.runner.withUserConfiguration(Quotes.class, Orders.class, Model.class)
			.withPropertyValues(target("quotes"), target("orders"))
			.run((context) -> {
				for (String name : List.of("quotes", "orders")) {
					ClientHttpRequestInterceptor interceptor = context.getBean(RestClientPools.class).interceptor(name);
					assertThat(interceptor).isInstanceOf(PooledClientHttpRequestInterceptor.class);
					assertThat(client(context, name).get().uri("/" + name).retrieve().body(String.class))
						.isEqualTo("ok");
					Pool<?, ?> pool = context.getBean(name + "Pool", Pool.class);
					assertThat(pool.snapshot().totals().calls().succeeded()).isOne();
					assertThat(pool.snapshot().load().inFlight()).isZero();
				}
				assertThat(this.server.requests()).extracting(Received::uri).containsExactly("/quotes", "/orders");
				assertThatExceptionOfType(PoolConfigurationException.class)
					.isThrownBy(() -> context.getBean(RestClientPools.class).interceptor("model"));
			});
	}

	@Test
	void laterInterceptorSetsAuthorization() {
		this.runner.withUserConfiguration(Quotes.class).withPropertyValues(target("quotes")).run((context) -> {
			RestClient client = builder(context, "quotes").requestInterceptor((request, body, execution) -> {
				request.getHeaders().setBearerAuth("token");
				return execution.execute(request, body);
			}).build();
			client.get().uri("/").retrieve().toBodilessEntity();
			assertThat(this.server.onlyRequest().header(HttpHeaders.AUTHORIZATION)).isEqualTo("Bearer token");
		});
	}

	@Test
	void mockServerReceivesRequestForTarget() {
		this.runner.withUserConfiguration(Quotes.class).withPropertyValues(target("quotes")).run((context) -> {
			RestClient.Builder builder = builder(context, "quotes");
			MockRestServiceServer mock = MockRestServiceServer.bindTo(builder).build();
			mock.expect(MockRestRequestMatchers.requestTo(this.server.uri() + "/a%20b?q=1+1"))
				.andRespond(MockRestResponseCreators.withSuccess().body("mocked"));
			assertThat(builder.build().get().uri("/{path}?q=1+1", "a b").retrieve().body(String.class))
				.isEqualTo("mocked");
			mock.verify();
			assertThat(this.server.requests()).isEmpty();
			assertThat(context.getBean(Pool.class).snapshot().load().inFlight()).isZero();
		});
	}

	@Test
	void spreadsRequestsOverTargets() throws IOException {
		try (Server other = Server.responding("other")) {
			this.runner.withUserConfiguration(Quotes.class)
				.withPropertyValues("pool.instances.quotes.targets=" + this.server.uri() + "," + other.uri())
				.run((context) -> {
					Pool<?, ?> pool = context.getBean(Pool.class);
					await().until(() -> pool.snapshot().size().ready() == 2);
					RestClient client = client(context, "quotes");
					for (int i = 0; i < 100; i++) {
						client.get().uri("/").retrieve().toBodilessEntity();
					}
					assertThat(this.server.requests()).isNotEmpty();
					assertThat(other.requests()).isNotEmpty();
				});
		}
	}

	@Test
	void httpPoolsHaveOwnDefaults() {
		this.runner.withUserConfiguration(Quotes.class, Model.class)
			.withPropertyValues("pool.eager=false")
			.run((context) -> {
				PoolSettings quotes = context.getBean("quotesPool", Pool.class).settings();
				assertThat(quotes.minServices()).isOne();
				assertThat(quotes.maxServices()).isEqualTo(16);
				assertThat(quotes.maxConcurrency()).isEqualTo(20);
				assertThat(quotes.coldAfter()).isEqualTo(Duration.ofSeconds(20));
				assertThat(quotes.trackLeases()).isTrue();
				PoolSettings model = context.getBean("modelPool", Pool.class).settings();
				assertThat(model.maxServices()).isEqualTo(Integer.MAX_VALUE);
				assertThat(model.maxConcurrency()).isEqualTo(Integer.MAX_VALUE);
				assertThat(model.coldAfter()).isZero();
				assertThat(model.trackLeases()).isFalse();
			});
	}

	@Test
	void raisesDefaultMaxServicesToNumberOfTargets() {
		List<String> targets = new ArrayList<>();
		for (int port = 1; port <= 17; port++) {
			targets.add("http://127.0.0.1:" + port);
		}
		this.runner.withUserConfiguration(Quotes.class)
			.withPropertyValues("pool.eager=false", "pool.instances.quotes.targets=" + String.join(",", targets))
			.run((context) -> {
				PoolSettings quotes = context.getBean(Pool.class).snapshot().settings();
				assertThat(quotes.maxServices()).isEqualTo(17);
			});
	}

	@Test
	void propertiesOverrideDefaultsOfHttpPools() {
		this.runner.withUserConfiguration(Quotes.class)
			.withPropertyValues("pool.eager=false", "pool.max-concurrency=3", "pool.instances.quotes.max-services=2")
			.run((context) -> {
				PoolSettings quotes = context.getBean(Pool.class).settings();
				assertThat(quotes.maxServices()).isEqualTo(2);
				assertThat(quotes.maxConcurrency()).isEqualTo(3);
			});
	}

	@Test
	void factoryCanDependOnRestClientBuilderAndPools() {
		this.runner.withUserConfiguration(Circular.class, Quotes.class)
			.withPropertyValues(target("quotes"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				@SuppressWarnings("unchecked")
				Pool<String, String> pool = context.getBean("circularPool", Pool.class);
				assertThat(pool.call("/a")).isEqualTo("ok");
			});
	}

	@Test
	void poolIsUsableWhileContextStarts() {
		this.runner.withUserConfiguration(Quotes.class, Model.class, EarlyCaller.class)
			.withPropertyValues(target("quotes"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(EarlyCaller.class).response).isEqualTo("ok");
			});
	}

	@Test
	void buildsClientForPoolDefinedByUser() {
		Target target = Target.of(this.server.uri());
		this.runner.withUserConfiguration(OwnPool.class).withBean(Target.class, () -> target).run((context) -> {
			assertThat(client(context, "own").get().uri("/").retrieve().body(String.class)).isEqualTo("ok");
			RestClient unknown = client(context, "unknown");
			assertThatExceptionOfType(PoolConfigurationException.class)
				.isThrownBy(() -> unknown.get().uri("/").retrieve().body(String.class))
				.withMessageContaining("No pool is named 'unknown'; the pools are 'own'");
		});
	}

	@Test
	void rejectsNonHttpPool() {
		this.runner.withUserConfiguration(Model.class).run((context) -> {
			RestClientPools pools = context.getBean(RestClientPools.class);
			assertThatExceptionOfType(PoolConfigurationException.class).isThrownBy(() -> pools.fromPool("model"))
				.withMessage("Pool 'model' accepts String, not HTTP requests."
						+ " Inject the Pool and call it, or declare its ServiceFactory or Pool bean with the types HttpCall and"
						+ " ClientHttpResponse.");
		});
	}

	@Test
	void rejectsUnknownPool() {
		this.runner.withUserConfiguration(Quotes.class, Orders.class).run((context) -> {
			RestClientPools pools = context.getBean(RestClientPools.class);
			assertThatExceptionOfType(PoolConfigurationException.class).isThrownBy(() -> pools.fromPool("qoutes"))
				.withMessage("No pool is named 'qoutes'; the pools are 'orders', 'quotes'."
						+ " Use the name of an existing pool, or declare a ServiceFactory bean named 'qoutes'.");
		});
	}

	@Test
	void usesClientSettingsOfEachService() {
		this.runner.withUserConfiguration(BootClient.class)
			.withPropertyValues(target("quotes"), "spring.http.clients.imperative.factory=simple",
					"spring.http.clients.read-timeout=5s")
			.run((context) -> {
				client(context, "quotes").get().uri("/").retrieve().toBodilessEntity();
				assertThat(context.getBean(HttpClientSettings.class).readTimeout()).isEqualTo(Duration.ofSeconds(5));
				assertThat(this.server.onlyRequest().header("Upgrade")).as("header that only the JDK's client sends")
					.isNull();
			});
	}

	@Test
	void backsOffWhenUserDefinesRestClientPools() {
		this.runner.withUserConfiguration(Quotes.class)
			.withBean("own", RestClientPools.class, () -> new PlainRestClients((name) -> null))
			.run((context) -> assertThat(context).hasSingleBean(RestClientPools.class).hasBean("own"));
	}

	@Test
	void clientUsesFirstTargetWhenPoolingIsDisabled() {
		this.runner.withUserConfiguration(Quotes.class)
			.withPropertyValues("pool.enabled=false",
					"pool.instances.quotes.targets=" + this.server.uri() + ",http://127.0.0.1:1")
			.run((context) -> {
				assertThat(client(context, "Quotes").get().uri("/a%2Fb").retrieve().body(String.class)).isEqualTo("ok");
			});
	}

	@Test
	void clientUsesRequestUriWhenDisabledWithoutTargets() {
		this.runner.withPropertyValues("pool.enabled=false").run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class)
				.apply(context.getBean(RestClientPools.class).fromPool("quotes"))
				.build();
			assertThat(client.get().uri(this.server.uri()).retrieve().body(String.class)).isEqualTo("ok");
		});
	}

	private String target(String pool) {
		return "pool.instances." + pool + ".targets=" + this.server.uri();
	}

	private static RestClient client(ApplicationContext context, String pool) {
		return builder(context, pool).build();
	}

	private static RestClient.Builder builder(ApplicationContext context, String pool) {
		return context.getBean(RestClient.Builder.class)
			.baseUrl("http://" + pool)
			.apply(context.getBean(RestClientPools.class).fromPool(pool));
	}

	@Configuration(proxyBeanMethods = false)
	static class Quotes {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> quotes() {
			return (target) -> HttpClientService.of(target, new JdkClientHttpRequestFactory());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Orders {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> orders() {
			return (target) -> HttpClientService.of(target, new JdkClientHttpRequestFactory());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BootClient {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> quotes(ClientHttpRequestFactoryBuilder<?> builder,
				HttpClientSettings settings) {
			return (target) -> HttpClientService.of(target, builder.build(settings));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Model {

		@Bean
		ServiceFactory<String, Integer> model() {
			return (target) -> Service.of(String::length);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Circular {

		@Bean
		ServiceFactory<String, String> circular(RestClient.Builder builder, RestClientPools pools) {
			RestClient client = builder.baseUrl("http://quotes").apply(pools.fromPool("quotes")).build();
			return (target) -> Service.of((path) -> client.get().uri(path).retrieve().requiredBody(String.class));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPool {

		@Bean
		Pool<HttpCall, ClientHttpResponse> clients(Target target) {
			return Pool.builder()
				.name("own")
				.targets(target)
				.maxConcurrency(10)
				.build((created) -> HttpClientService.of(created, new JdkClientHttpRequestFactory()));
		}

	}

	static class EarlyCaller {

		private final String response;

		EarlyCaller(RestClient.Builder builder, RestClientPools pools) {
			this.response = builder.baseUrl("http://quotes")
				.apply(pools.fromPool("quotes"))
				.build()
				.get()
				.uri("/")
				.retrieve()
				.requiredBody(String.class);
		}

	}

}
