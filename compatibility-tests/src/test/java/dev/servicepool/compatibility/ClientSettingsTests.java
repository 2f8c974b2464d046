package dev.servicepool.compatibility;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientsProperties.Factory;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.service.HttpServiceClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that pooled calls have the settings of the application or of their client, with
 * each HTTP client library that can have connections of its own.
 */
@Tag("slow")
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE")
class ClientSettingsTests {

	private static final String[] SETTINGS = { "read-timeout=1s", "redirects=dont-follow", "ssl.bundle=client" };

	@Parameter
	private Factory library;

	private final TestKeyStore key = TestKeyStore.loopback();

	private final CountDownLatch end = new CountDownLatch(1);

	@AutoClose
	private final Server server = Server.http1().tls(this.key).clientCertificates().start(this::respond);

	/** Client that has settings of its own. */
	enum Client {

		GROUP {

			@Override
			ResponseEntity<String> get(ApplicationContext context, String path) {
				Orders orders = context.getBean(Orders.class);
				return switch (path) {
					case "/slow" -> orders.slow();
					case "/moved" -> orders.moved();
					default -> orders.identify();
				};
			}

		},

		REST_TEMPLATE {

			@Override
			ResponseEntity<String> get(ApplicationContext context, String path) {
				RestTemplate client = context.getBean(RestTemplateBuilder.class)
					.readTimeout(Duration.ofSeconds(1))
					.redirects(HttpRedirects.DONT_FOLLOW)
					.sslBundle(context.getBean(SslBundles.class).getBundle("client"))
					.build();
				return client.getForEntity(context.getEnvironment().getProperty("server") + path, String.class);
			}

		};

		abstract ResponseEntity<String> get(ApplicationContext context, String path);

	}

	@AfterEach
	void endSlowRequest() {
		this.end.countDown();
	}

	private void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
		switch (request.getRequestURI()) {
			case "/slow" -> awaitEnd();
			case "/moved" -> response.setHeader("Location", "/");
		}
		X509Certificate[] chain = (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
		Handler.respond(request, response, request.getRequestURI().equals("/moved") ? 302 : 200,
				(chain != null) ? chain[0].getSubjectX500Principal().getName() : "anonymous");
	}

	private void awaitEnd() {
		try {
			this.end.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void settingsOfApplicationApplyToPooledCalls() {
		runner().withPropertyValues(settings("spring.http.clients.")).run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).baseUrl(this.server.secureUri()).build();
			assertSettings(context, (path) -> client.get().uri(path).retrieve().toEntity(String.class));
			assertThat(calls(context).succeeded()).isEqualTo(2);
			assertThat(calls(context).failed()).isOne();
		});
	}

	@ParameterizedTest
	@EnumSource
	void settingsOfClientApplyToPooledCalls(Client client, CapturedOutput output) {
		runner()
			.withPropertyValues("pool.instances.orders.client.redirects=dont-follow",
					"pool.instances.orders.client.ssl.bundle=client")
			.run((context) -> {
				assertSettings(context, (path) -> client.get(context, path));
				assertThat(calls(context).succeeded()).isEqualTo(2);
				assertThat(calls(context).failed()).isOne();
				assertThat(output).doesNotContain("do not use the pool");
			});
	}

	@ParameterizedTest
	@EnumSource
	void clientWithOtherSettingsIsNotPooled(Client client, CapturedOutput output) {
		runner().run((context) -> {
			assertSettings(context, (path) -> client.get(context, path));
			assertThat(calls(context).succeeded()).isZero();
			assertThat(output)
				.contains("do not use the pool, because the HTTP clients that the pool creates do not have"
						+ " the redirects, ssl.bundle of this client");
		});
	}

	@Test
	void customizersOfApplicationApplyToPooledCalls() {
		runner().withUserConfiguration(Customizers.class)
			.withPropertyValues("spring.http.clients.ssl.bundle=client")
			.run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class).baseUrl(this.server.secureUri()).build();
				assertThat(client.get().uri("/moved").retrieve().toBodilessEntity().getStatusCode().value())
					.isEqualTo(302);
				assertThat(calls(context).succeeded()).isOne();
			});
	}

	/** Check the certificate of the client, redirects, and the read timeout. */
	private static void assertSettings(ApplicationContext context, Call call) {
		assertThat(call.get("/identify").getBody()).isEqualTo("CN=server.p12");
		assertThat(call.get("/moved").getStatusCode().value()).isEqualTo(302);
		assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> call.get("/slow"));
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, RestTemplateAutoConfiguration.class,
					HttpServiceClientPropertiesAutoConfiguration.class, HttpServiceClientAutoConfiguration.class,
					HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
					SslAutoConfiguration.class))
			.withUserConfiguration(Groups.class)
			.withPropertyValues(this.key.usedBy("client"))
			.withPropertyValues(settings("spring.http.serviceclient.orders."))
			.withPropertyValues("spring.http.clients.imperative.factory=" + this.library,
					"spring.http.serviceclient.orders.base-url=" + this.server.secureUri(),
					"server=" + this.server.secureUri(), "pool.instances.orders.targets=" + this.server.secureUri());
	}

	private static String[] settings(String prefix) {
		return Stream.of(SETTINGS).map((setting) -> prefix + setting).toArray(String[]::new);
	}

	private static PoolSnapshot.Calls calls(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot().totals().calls();
	}

	private interface Call {

		ResponseEntity<String> get(String path);

	}

	interface Orders {

		@GetExchange("/identify")
		ResponseEntity<String> identify();

		@GetExchange("/moved")
		ResponseEntity<String> moved();

		@GetExchange("/slow")
		ResponseEntity<String> slow();

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "orders", types = Orders.class)
	static class Groups {

	}

	/** Customizers that turn redirects off. */
	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> jdk() {
			return (builder) -> builder
				.withHttpClientCustomizer((client) -> client.followRedirects(java.net.http.HttpClient.Redirect.NEVER));
		}

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> httpComponents() {
			return (builder) -> builder.withHttpClientCustomizer((client) -> client.disableRedirectHandling());
		}

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<JettyClientHttpRequestFactoryBuilder> jetty() {
			return (builder) -> builder.withHttpClientCustomizer((client) -> client.setFollowRedirects(false));
		}

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<ReactorClientHttpRequestFactoryBuilder> reactor() {
			return (builder) -> builder.withHttpClientCustomizer((client) -> client.followRedirect(false));
		}

	}

}
