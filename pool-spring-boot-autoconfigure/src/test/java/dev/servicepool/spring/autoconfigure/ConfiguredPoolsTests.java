package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.servicepool.Pool;
import dev.servicepool.ServiceFactory;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.HttpClientService;
import dev.servicepool.spring.routing.RoutingRequestFactoryBuilderPostProcessor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.service.HttpServiceClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for pools that are defined by properties only. The properties name the targets,
 * and clients that are unaware of the pools use them.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConfiguredPoolsTests {

	private final ApplicationContextRunner runner = Applications.plain()
		.withConfiguration(AutoConfigurations.of(HttpServiceClientPropertiesAutoConfiguration.class,
				HttpServiceClientAutoConfiguration.class));

	@AutoClose
	private final Server server = Server.responding("ok");

	@AutoClose
	private final Server other = Server.responding("other");

	@Test
	void restClientUsesPoolOfItsAddress() {
		this.runner.withPropertyValues(targets("orders", this.server)).run((context) -> {
			assertThat(get(context, this.server.uri() + "/a%20b?q=1+1")).isEqualTo("ok");
			assertThat(this.server.onlyRequest().uri()).isEqualTo("/a%20b?q=1+1");
			assertThat(succeeded(context, "orders")).isOne();
			assertThat(pool(context, "orders").snapshot().load().inFlight()).isZero();
		});
	}

	@Test
	void requestToOtherAddressBypassesPool() {
		this.runner.withPropertyValues(targets("orders", this.server)).run((context) -> {
			assertThat(get(context, this.other.uri() + "/")).isEqualTo("other");
			assertThat(succeeded(context, "orders")).isZero();
		});
	}

	@Test
	void urlRoutesToPoolOfSeveralTargets() {
		this.runner
			.withPropertyValues(targets("search", this.server, this.other), "pool.instances.search.url=http://search")
			.run((context) -> {
				await().until(() -> pool(context, "search").snapshot().size().ready() == 2);
				for (int i = 0; i < 100; i++) {
					assertThat(get(context, "http://SEARCH:80/x")).isIn("ok", "other");
				}
				for (Server target : List.of(this.server, this.other)) {
					assertThat(target.requests()).isNotEmpty()
						.extracting((request) -> request.header("Host"))
						.containsOnly(target.uri().getAuthority());
				}
				assertThat(succeeded(context, "search")).isEqualTo(100);
			});
	}

	@Test
	void targetAddressBypassesPoolOfSeveralTargets() {
		this.runner.withPropertyValues(targets("search", this.server, this.other)).run((context) -> {
			get(context, this.server.uri() + "/");
			assertThat(succeeded(context, "search")).isZero();
		});
	}

	@Test
	void httpServiceInterfaceUsesPool() {
		this.runner.withUserConfiguration(Groups.class)
			.withPropertyValues(targets("orders", this.server),
					"spring.http.serviceclient.orders.base-url=" + this.server.uri())
			.run((context) -> {
				assertThat(context.getBean(OrderService.class).all()).isEqualTo("ok");
				assertThat(succeeded(context, "orders")).isOne();
			});
	}

	@Test
	void restTemplateUsesPool() {
		this.runner.withConfiguration(AutoConfigurations.of(RestTemplateAutoConfiguration.class))
			.withPropertyValues(targets("orders", this.server))
			.run((context) -> {
				RestTemplate template = context.getBean(RestTemplateBuilder.class).build();
				assertThat(template.getForObject(this.server.uri(), String.class)).isEqualTo("ok");
				assertThat(succeeded(context, "orders")).isOne();
			});
	}

	@Test
	void fromPoolRoutesRequestsThroughConfiguredPool() {
		this.runner.withPropertyValues(targets("orders", this.server)).run((context) -> {
			RestClient client = RestClient.builder()
				.baseUrl("http://orders")
				.apply(context.getBean(RestClientPools.class).fromPool("orders"))
				.build();
			assertThat(client.get().uri("/").retrieve().body(String.class)).isEqualTo("ok");
			assertThat(succeeded(context, "orders")).isOne();
		});
	}

	@Test
	void requestAcquiresOneLeaseWhenClientIsConfiguredTwice() {
		this.runner.withPropertyValues(targets("orders", this.server), "pool.max-concurrency=1", "pool.max-services=1")
			.run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class)
					.baseUrl(this.server.uri())
					.requestInterceptor(context.getBean(RestClientPools.class).interceptor("orders"))
					.build();
				assertThat(client.get().uri("/").retrieve().body(String.class)).isEqualTo("ok");
				assertThat(succeeded(context, "orders")).isOne();
			});
	}

	@Test
	void configuredPoolIsInjectedByItsTypes() {
		this.runner.withPropertyValues(targets("orders", this.server)).withBean(Injected.class).run((context) -> {
			assertThat(context.getBean(Injected.class).orders()).isSameAs(pool(context, "orders"));
			assertThat(pool(context, "orders").settings().maxConcurrency()).isEqualTo(20);
			assertThat(pool(context, "orders").settings().maxServices()).isEqualTo(16);
		});
	}

	@Test
	void serviceFactoryOfSameNameCreatesServices() {
		this.runner.withUserConfiguration(BootBuiltFactory.class)
			.withPropertyValues(targets("orders", this.server), "pool.max-concurrency=1", "pool.max-services=1",
					"pool.acquire-timeout=5s")
			.run((context) -> {
				assertThat(context).hasSingleBean(Pool.class);
				assertThat(get(context, this.server.uri() + "/")).as("no nested lease").isEqualTo("ok");
				assertThat(succeeded(context, "orders")).isOne();
			});
	}

	@Test
	void serviceCanSendThroughBootBuiltRestClient() {
		this.runner.withUserConfiguration(RestClientFactory.class)
			.withPropertyValues(targets("orders", this.server), "pool.max-concurrency=1", "pool.max-services=1",
					"pool.acquire-timeout=5s")
			.run((context) -> {
				assertThat(get(context, this.server.uri() + "/")).as("no nested lease").isEqualTo("ok");
				assertThat(succeeded(context, "orders")).isOne();
				assertThat(get(context, this.server.uri() + "/")).isEqualTo("ok");
				assertThat(succeeded(context, "orders")).isEqualTo(2);
			});
	}

	@Test
	void serviceCanUseAnotherPool() {
		this.runner.withUserConfiguration(RestClientFactory.class)
			.withPropertyValues("pool.instances.orders.url=http://orders", targets("orders"),
					targets("search", this.server))
			.run((context) -> {
				String uri = this.server.uri().toString();
				RestClient client = context.getBean(RestClient.Builder.class)
					.baseUrl(uri)
					.apply(context.getBean(RestClientPools.class).fromPool("orders"))
					.build();
				assertThat(client.get().uri("/").retrieve().body(String.class)).isEqualTo("ok");
				assertThat(succeeded(context, "orders")).isOne();
				assertThat(succeeded(context, "search")).isOne();
			});
	}

	@Test
	void servicesUseCustomizersOfApplication() {
		this.runner.withUserConfiguration(Customized.class)
			.withPropertyValues(targets("orders", this.server))
			.run((context) -> {
				get(context, this.server.uri() + "/");
				assertThat(this.server.onlyRequest().header("Http2-settings")).as("no upgrade to HTTP/2").isNull();
			});
	}

	@Test
	void clientsArePlainWhenPoolIsDisabled() {
		this.runner
			.withPropertyValues(targets("orders", this.server), "pool.instances.orders.enabled=false",
					targets("search", this.other))
			.run((context) -> {
				assertThat(context).hasSingleBean(Pool.class).doesNotHaveBean("ordersPool");
				assertThat(get(context, this.server.uri() + "/")).isEqualTo("ok");
				RestClient client = RestClient.builder()
					.baseUrl("http://orders")
					.apply(context.getBean(RestClientPools.class).fromPool("orders"))
					.build();
				assertThat(client.get().uri("/").retrieve().body(String.class)).isEqualTo("ok");
			});
	}

	@Test
	void poolOfServiceFactoryCanBeDisabled() {
		this.runner.withUserConfiguration(BootBuiltFactory.class)
			.withPropertyValues("pool.instances.orders.enabled=false", targets("orders", this.server))
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(Pool.class);
				assertThat(get(context, this.server.uri() + "/")).isEqualTo("ok");
			});
	}

	@Test
	void environmentVariableMatchesPoolNameInItsSpelling() {
		this.runner.withPropertyValues(targets("ordersClient", this.server))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("POOL_INSTANCES_ORDERSCLIENT_MAXSERVICES", "4"))))
			.run((context) -> {
				assertThat(context).hasSingleBean(Pool.class).hasBean("ordersClientPool");
				assertThat(context.getBean(Pool.class).settings().maxServices()).isEqualTo(4);
				get(context, this.server.uri() + "/");
				assertThat(succeeded(context, "ordersClient")).isOne();
			});
	}

	@Test
	void requestBodyIsNotBuffered() {
		this.runner.withPropertyValues(targets("orders", this.server)).run((context) -> {
			StreamingHttpOutputMessage.Body body = (output) -> output.write("body".getBytes(StandardCharsets.UTF_8));
			context.getBean(RestClient.Builder.class)
				.build()
				.post()
				.uri(this.server.uri())
				.body(body)
				.retrieve()
				.toBodilessEntity();
			assertThat(this.server.onlyRequest().header("Transfer-Encoding")).isEqualTo("chunked");
		});
	}

	@Test
	void requestBypassesPoolsWhenTargetIsAmbiguous(CapturedOutput output) {
		this.runner.withPropertyValues(targets("a", this.server), targets("b", this.server)).run((context) -> {
			assertThat(get(context, this.server.uri() + "/")).isEqualTo("ok");
			assertThat(succeeded(context, "a") + succeeded(context, "b")).isZero();
			assertThat(output).contains("Pool 'a': requests to " + this.server.uri()
					+ " use neither this pool nor pool 'b', because both have this address as their only target.");
		});
	}

	@Test
	void urlSelectsPoolWhenTwoPoolsShareTarget() {
		this.runner
			.withPropertyValues(targets("a", this.server), targets("b", this.server),
					"pool.instances.b.url=" + this.server.uri())
			.run((context) -> {
				get(context, this.server.uri() + "/");
				assertThat(succeeded(context, "b")).isOne();
			});
	}

	@Test
	void unsupportedBuilderTypeIsKeptWithWarning(CapturedOutput output) {
		this.runner.withUserConfiguration(ConcreteBuilder.class)
			.withPropertyValues(targets("orders", this.server))
			.run((context) -> {
				assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
					.isInstanceOf(JdkClientHttpRequestFactoryBuilder.class);
				assertThat(get(context, this.server.uri() + "/")).isEqualTo("ok");
				assertThat(succeeded(context, "orders")).isZero();
				assertThat(output)
					.contains("Pool 'orders': the bean 'own' is declared as JdkClientHttpRequestFactoryBuilder, so the"
							+ " clients that it builds do not use the pool.", "fromPool");
			});
	}

	@Test
	void builderIsUnchangedWhenNoInstanceIsConfigured() {
		this.runner.run((context) -> assertThat(RoutingRequestFactoryBuilderPostProcessor
			.unwrap(context.getBean(ClientHttpRequestFactoryBuilder.class)))
			.isSameAs(context.getBean(ClientHttpRequestFactoryBuilder.class)));
	}

	private static String targets(String pool, Server... servers) {
		List<String> uris = List.of(servers).stream().map((server) -> server.uri().toString()).toList();
		return "pool.instances." + pool + ".targets=" + String.join(",", uris);
	}

	private static String get(ApplicationContext context, String uri) {
		return context.getBean(RestClient.Builder.class)
			.build()
			.get()
			.uri(URI.create(uri))
			.retrieve()
			.body(String.class);
	}

	private static Pool<?, ?> pool(ApplicationContext context, String name) {
		return context.getBean(name + "Pool", Pool.class);
	}

	private static long succeeded(ApplicationContext context, String pool) {
		return pool(context, pool).snapshot().totals().calls().succeeded();
	}

	interface OrderService {

		@GetExchange("/orders")
		String all();

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "orders", types = OrderService.class)
	static class Groups {

	}

	record Injected(Pool<HttpCall, ClientHttpResponse> orders) {
	}

	@Configuration(proxyBeanMethods = false)
	static class BootBuiltFactory {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> orders(ClientHttpRequestFactoryBuilder<?> builder) {
			return (target) -> HttpClientService.of(target, builder.build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RestClientFactory {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> orders(RestClient.Builder builder) {
			RestClient client = builder.build();
			return (target) -> (call) -> client.method(call.method())
				.uri(call.uri())
				.exchange((request, response) -> response, false);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customized {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> http1() {
			return (builder) -> builder
				.withHttpClientCustomizer((client) -> client.version(HttpClient.Version.HTTP_1_1));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ConcreteBuilder {

		@Bean
		JdkClientHttpRequestFactoryBuilder own() {
			return ClientHttpRequestFactoryBuilder.jdk();
		}

	}

}
