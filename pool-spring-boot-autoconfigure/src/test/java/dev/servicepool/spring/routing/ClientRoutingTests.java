package dev.servicepool.spring.routing;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.ServiceFactory;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.HttpClientService;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.service.HttpServiceClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that pooled requests are sent with the settings of the client that they replace.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class ClientRoutingTests {

	private static final PoolSnapshot.Calls NO_CALLS = new PoolSnapshot.Calls(0, 0, 0, 0, 0, 0, 0);

	private final ApplicationContextRunner runner = Applications.plain()
		.withConfiguration(AutoConfigurations.of(HttpServiceClientPropertiesAutoConfiguration.class,
				HttpServiceClientAutoConfiguration.class, RestTemplateAutoConfiguration.class));

	private final CountDownLatch end = new CountDownLatch(1);

	@AutoClose
	private final Server server = Server.http1().start(this::respond);

	/**
	 * Kinds of clients whose settings differ from those of the application.
	 */
	enum Client {

		/** Client of an HTTP service group, configured by properties. */
		GROUP("of HTTP service group 'quotes'") {

			@Override
			ResponseEntity<String> get(ApplicationContext context, String path) {
				QuoteService service = context.getBean(QuoteService.class);
				return path.equals("/slow") ? service.slow() : service.moved();
			}

		},

		/** Client of a {@link RestTemplateBuilder}. */
		REST_TEMPLATE("that " + ClientRoutingTests.class.getName() + "$Client$2.get builds") {

			@Override
			ResponseEntity<String> get(ApplicationContext context, String path) {
				return context.getBean(RestTemplateBuilder.class)
					.readTimeout(readTimeout(context))
					.redirects(HttpRedirects.DONT_FOLLOW)
					.build()
					.getForEntity(context.getEnvironment().getProperty("server") + path, String.class);
			}

		},

		/** {@link RestClient} with a request factory that Boot's builder builds. */
		REST_CLIENT("that " + ClientRoutingTests.class.getName() + "$Client$3.get builds") {

			@Override
			ResponseEntity<String> get(ApplicationContext context, String path) {
				HttpClientSettings settings = context.getBean(HttpClientSettings.class)
					.withReadTimeout(readTimeout(context))
					.withRedirects(HttpRedirects.DONT_FOLLOW);
				return context.getBean(RestClient.Builder.class)
					.requestFactory(context.getBean(ClientHttpRequestFactoryBuilder.class).build(settings))
					.build()
					.get()
					.uri(context.getEnvironment().getProperty("server") + path)
					.retrieve()
					.toEntity(String.class);
			}

		};

		private final String name;

		Client(String name) {
			this.name = name;
		}

		abstract ResponseEntity<String> get(ApplicationContext context, String path);

		static Duration readTimeout(ApplicationContext context) {
			return Duration.parse(context.getEnvironment().getRequiredProperty("read-timeout"));
		}

	}

	@AfterEach
	void endSlowRequest() {
		this.end.countDown();
	}

	private void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
		switch (request.getRequestURI()) {
			case "/slow" -> awaitEnd();
			case "/moved" -> {
				response.setHeader("Location", "/");
				Handler.respond(request, response, 302, "moved");
				return;
			}
		}
		Handler.respond(request, response, 200, "ok");
	}

	private void awaitEnd() {
		try {
			this.end.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@ParameterizedTest
	@EnumSource
	void readTimeoutOfClientAppliesToPooledRequests(Client client) {
		run("PT1S", "pool.instances.quotes.client.redirects=dont-follow", (context) -> {
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> client.get(context, "/slow"))
				.havingRootCause()
				.isInstanceOf(HttpTimeoutException.class);
			assertThat(calls(context).failed()).isOne();
		});
	}

	@ParameterizedTest
	@EnumSource
	void readTimeoutOfZeroMeansNoTimeout(Client client) {
		run("PT0S", "pool.instances.quotes.client.redirects=dont-follow", (context) -> {
			assertThat(client.get(context, "/moved").getStatusCode().value()).isEqualTo(302);
			assertThat(calls(context).succeeded()).isOne();
		});
	}

	@ParameterizedTest
	@EnumSource
	void clientIsNotPooledWhenSettingsDiffer(Client client, CapturedOutput output) {
		run("", (context) -> {
			assertThat(client.get(context, "/moved").getStatusCode().value()).isEqualTo(302);
			assertThat(calls(context)).isEqualTo(NO_CALLS);
			assertThat(output).contains("Pool 'quotes': requests of the client " + client.name
					+ " do not use the pool, because the HTTP clients that the pool creates do not have the redirects of"
					+ " this client. Set 'pool.instances.quotes.client.redirects' to the values of this client.");
		});
	}

	@ParameterizedTest
	@EnumSource
	void clientIsPooledWhenSettingsAreEqual(Client client, CapturedOutput output) {
		run("pool.instances.quotes.client.redirects=dont-follow", (context) -> {
			assertThat(client.get(context, "/moved").getStatusCode().value()).isEqualTo(302);
			assertThat(calls(context).succeeded()).isOne();
			assertThat(output).doesNotContain(" WARN ");
		});
	}

	@Test
	@Tag("slow")
	void warningIsLoggedOnceForClientAndPool(CapturedOutput output) {
		run("", (context) -> {
			Client.GROUP.get(context, "/moved");
			Client.GROUP.get(context, "/moved");
			assertThat(output).containsOnlyOnce("do not use the pool");
		});
	}

	@Test
	void poolSettingsApplyWhenClientHasNone() {
		run("pool.instances.quotes.client.redirects=dont-follow", (context) -> {
			ResponseEntity<String> response = Applications.client(context)
				.get()
				.uri(this.server.uri() + "/moved")
				.retrieve()
				.toEntity(String.class);
			assertThat(response.getStatusCode().value()).isEqualTo(302);
			assertThat(calls(context).succeeded()).isOne();
		});
	}

	@Test
	void redirectsThatAreFollowedByDefaultAreEqual() {
		run("", (context) -> {
			context.getBean(RestTemplateBuilder.class)
				.redirects(HttpRedirects.FOLLOW)
				.build()
				.getForObject(this.server.uri() + "/moved", String.class);
			assertThat(calls(context).succeeded()).isOne();
		});
	}

	@Test
	void customizedClientIsNotPooled(CapturedOutput output) {
		run("", (context) -> {
			@SuppressWarnings("unchecked")
			ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> builder = context
				.getBean(ClientHttpRequestFactoryBuilder.class);
			ClientHttpRequestFactory[] seen = new ClientHttpRequestFactory[1];
			RestClient client = RestClient.builder()
				.requestFactory(builder.withCustomizer((factory) -> seen[0] = factory).build())
				.build();
			assertThat(seen[0]).isInstanceOf(JdkClientHttpRequestFactory.class);
			assertThat(client.get().uri(this.server.uri()).retrieve().body(String.class)).isEqualTo("ok");
			assertThat(calls(context)).isEqualTo(NO_CALLS);
			assertThat(output).contains("do not have the request factory customizers of this client."
					+ " Declare a ClientHttpRequestFactoryBuilderCustomizer bean instead");
		});
	}

	@Test
	void clientIsNotPooledWhenFactoryBeanCreatesServices(CapturedOutput output) {
		this.runner.withUserConfiguration(OwnFactory.class)
			.withPropertyValues("read-timeout=PT20S", "server=" + this.server.uri(),
					"pool.instances.quotes.targets=" + this.server.uri())
			.run((context) -> {
				assertThat(Client.REST_TEMPLATE.get(context, "/moved").getStatusCode().value()).isEqualTo(302);
				assertThat(calls(context)).isEqualTo(NO_CALLS);
				assertThat(output).contains("the redirects, read-timeout of this client."
						+ " Configure the clients of the pool in its ServiceFactory bean");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.instances.quotes.client.ssl.bundle=client", "pool.max-services=2" })
	@Tag("slow")
	void certificateOfClientIsSent(String property) throws IOException {
		TestKeyStore key = TestKeyStore.loopback();
		try (Server secure = Server.http1().tls(key).clientCertificates().start(ClientRoutingTests::identify)) {
			this.runner.withUserConfiguration(Groups.class)
				.withPropertyValues(key.usedBy("client"))
				.withPropertyValues("pool.instances.quotes.targets=" + secure.secureUri(),
						"spring.http.serviceclient.quotes.base-url=" + secure.secureUri(),
						"spring.http.serviceclient.quotes.ssl.bundle=client", property)
				.run((context) -> {
					SslBundle bundle = context.getBean(SslBundles.class).getBundle("client");
					RestClient ssl = context.getBean(RestClient.Builder.class)
						.apply(context.getBean(RestClientSsl.class).fromBundle("client"))
						.build();
					assertThat(List.of(context.getBean(QuoteService.class).any(),
							context.getBean(RestTemplateBuilder.class)
								.sslBundle(bundle)
								.build()
								.getForObject(secure.secureUri(), String.class),
							ssl.get().uri(secure.secureUri()).retrieve().body(String.class)))
						.containsOnly("CN=server.p12");
					assertThat(calls(context).succeeded()).isEqualTo(property.contains("bundle") ? 3 : 0);
				});
		}
	}

	/** Respond with the subject of the client's certificate. */
	private static void identify(HttpServletRequest request, HttpServletResponse response) throws IOException {
		X509Certificate[] chain = (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
		String subject = (chain != null) ? chain[0].getSubjectX500Principal().getName() : "anonymous";
		Handler.respond(request, response, 200, subject);
	}

	private void run(String property, ContextConsumer<AssertableApplicationContext> test) {
		run("PT20S", property, test);
	}

	private void run(String readTimeout, String property, ContextConsumer<AssertableApplicationContext> test) {
		this.runner.withUserConfiguration(Groups.class)
			.withPropertyValues("server=" + this.server.uri(), "pool.instances.quotes.targets=" + this.server.uri(),
					"spring.http.serviceclient.quotes.base-url=" + this.server.uri(),
					"spring.http.serviceclient.quotes.read-timeout=" + readTimeout, "read-timeout=" + readTimeout,
					"spring.http.serviceclient.quotes.redirects=dont-follow", property)
			.run(test);
	}

	private static PoolSnapshot.Calls calls(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot().totals().calls();
	}

	interface QuoteService {

		@GetExchange("/slow")
		ResponseEntity<String> slow();

		@GetExchange("/moved")
		ResponseEntity<String> moved();

		@GetExchange("/")
		String any();

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "quotes", types = QuoteService.class)
	static class Groups {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactory {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> quotes() {
			return (target) -> HttpClientService.of(target, new JdkClientHttpRequestFactory());
		}

	}

}
