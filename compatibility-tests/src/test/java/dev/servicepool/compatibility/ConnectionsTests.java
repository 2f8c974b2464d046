package dev.servicepool.compatibility;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Pool;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.util.TimeValue;
import org.eclipse.jetty.http.HttpCookieStore;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the connections of clients that limit or share them by default, for Apache's
 * retries, and for the cookie store of an application.
 */
@Tag("slow")
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ConnectionsTests {

	private static final String APACHE = "spring.http.clients.imperative.factory=http-components";

	private static final String JETTY = "spring.http.clients.imperative.factory=jetty";

	private static final String REACTOR = "spring.http.clients.imperative.factory=reactor";

	/** Connections that Apache's client opens to a server by default. */
	private static final int DEFAULT_CONNECTIONS = 5;

	private static final int CALLERS = 60;

	/** Concurrent requests that complete all responses. */
	private CountDownLatch arrivals = new CountDownLatch(CALLERS);

	@AutoClose
	private final Server server = Server.http1().threads(2 * CALLERS).start((request, response) -> {
		if (request.getRequestURI().equals("/busy")) {
			response.setStatus(503);
			return;
		}
		response.addHeader("Set-Cookie", "session=1");
		this.arrivals.countDown();
		await().atMost(Duration.ofSeconds(60)).until(() -> this.arrivals.getCount() == 0);
		Handler.respond(request, response, 200, "done");
	});

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
				RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class))
		.withPropertyValues("pool.instances.orders.targets=" + this.server.uri(), "pool.acquire-timeout=60s",
				"spring.http.clients.read-timeout=60s");

	@ParameterizedTest
	@ValueSource(strings = { APACHE, JETTY, REACTOR })
	void allCallersReachServerWithDefaultsOfPool(String library) {
		this.runner.withPropertyValues(library).run((context) -> {
			assertThat(concurrently(context, CALLERS)).containsOnly("done");
			assertThat(context.getBean(Pool.class).snapshot().size().live()).isEqualTo(3);
			assertThat(this.server.connections()).isEqualTo(CALLERS);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { APACHE, JETTY, REACTOR })
	void connectionsOfServiceEqualMaxConcurrency(String library) {
		this.arrivals = new CountDownLatch(30);
		this.runner.withPropertyValues(library, "pool.max-concurrency=30", "pool.max-services=1").run((context) -> {
			assertThat(concurrently(context, CALLERS)).containsOnly("done");
			assertThat(this.server.connections()).isEqualTo(30);
		});
	}

	@Test
	void connectionManagerIsUnchangedWhenConnectionsAreAsBuilt() {
		this.arrivals = new CountDownLatch(DEFAULT_CONNECTIONS);
		this.runner
			.withPropertyValues(APACHE, "pool.max-services=1", "pool.instances.orders.client.connections=as-built")
			.run((context) -> {
				assertThat(concurrently(context, CALLERS)).containsOnly("done");
				assertThat(this.server.connections()).isEqualTo(DEFAULT_CONNECTIONS);
			});
	}

	@Test
	void connectionsOfJvmAreUsedWhenConnectionsAreAsBuilt() {
		this.arrivals = new CountDownLatch(1);
		this.runner
			.withPropertyValues(REACTOR, "pool.min-services=3", "pool.instances.orders.client.connections=as-built")
			.run((context) -> {
				for (int i = 0; i < 20; i++) {
					assertThat(get(context, "/")).isEqualTo("done");
				}
				assertThat(context.getBean(Pool.class).snapshot().size().live()).isEqualTo(3);
				assertThat(this.server.connections()).isOne();
			});
	}

	@Test
	void sharedConnectionManagerIsReportedOnceAndStaysOpen(CapturedOutput output) {
		this.arrivals = new CountDownLatch(1);
		this.runner.withUserConfiguration(SharedManager.class)
			.withPropertyValues(APACHE, "pool.min-services=2", "pool.max-services=2", "pool.max-lifetime=300ms")
			.run((context) -> {
				Pool<?, ?> pool = context.getBean(Pool.class);
				await().until(() -> pool.snapshot().totals().creations().drained() >= 2);
				assertThat(get(context, "/")).isEqualTo("done");
				assertThat(output).containsOnlyOnce("Pool 'orders': a customizer gives all HTTP clients the same");
				assertThat(context.getBean(PoolingHttpClientConnectionManager.class).getTotalStats().getAvailable())
					.isOne();
			});
	}

	@Test
	void connectionsOfApplicationAreUsedWhenItCreatesClients(CapturedOutput output) {
		this.arrivals = new CountDownLatch(1);
		this.runner.withUserConfiguration(OwnFactory.class).withPropertyValues(REACTOR).run((context) -> {
			assertThat(get(context, "/")).isEqualTo("done");
			assertThat(this.server.onlyRequest().header("X-Sent-By")).isEqualTo("the client of the application");
			assertThat(output).containsOnlyOnce("Pool 'orders': the application creates Reactor Netty's HTTP clients");
		});
	}

	@Test
	void builderWithoutAdapterIsNamedInLog(CapturedOutput output) {
		this.arrivals = new CountDownLatch(1);
		this.runner.withPropertyValues("spring.http.clients.imperative.factory=simple").run((context) -> {
			assertThat(get(context, "/")).isEqualTo("done");
			assertThat(output).containsOnlyOnce("Pool 'orders': SimpleClientHttpRequestFactoryBuilder builds clients");
		});
	}

	@Test
	void statusIsNotRetriedByClient() {
		this.runner.withPropertyValues(APACHE).run((context) -> {
			assertThatExceptionOfType(HttpServerErrorException.class).isThrownBy(() -> get(context, "/busy"));
			assertThat(this.server.count()).isOne();
		});
	}

	@Test
	void retryStrategyOfApplicationIsKept() {
		this.runner.withUserConfiguration(OwnStrategy.class).withPropertyValues(APACHE).run((context) -> {
			assertThatExceptionOfType(HttpServerErrorException.class).isThrownBy(() -> get(context, "/busy"));
			assertThat(this.server.count()).isEqualTo(4);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { APACHE, JETTY })
	void cookieStoreOfApplicationIsUsed(String library) {
		this.arrivals = new CountDownLatch(1);
		this.runner.withUserConfiguration(OwnCookies.class).withPropertyValues(library).run((context) -> {
			get(context, "/");
			assertThat(context.getBean(BasicCookieStore.class).getCookies().size()
					+ context.getBean(HttpCookieStore.class).all().size())
				.isOne();
		});
	}

	private String get(ApplicationContext context, String path) {
		return client(context).get().uri(path).retrieve().requiredBody(String.class);
	}

	private RestClient client(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class).baseUrl(this.server.uri()).build();
	}

	private List<String> concurrently(ApplicationContext context, int callers) throws Exception {
		RestClient client = client(context);
		Callable<String> call = () -> client.get().uri("/").retrieve().requiredBody(String.class);
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		try {
			return threads.invokeAll(Collections.nCopies(callers, call)).stream().map(ConnectionsTests::get).toList();
		}
		finally {
			threads.shutdown();
			assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	private static <T> T get(Future<T> future) {
		try {
			return future.get();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class SharedManager {

		@Bean
		PoolingHttpClientConnectionManager connectionManager() {
			return new PoolingHttpClientConnectionManager();
		}

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> sharedManager(
				PoolingHttpClientConnectionManager connectionManager) {
			return (builder) -> builder
				.withHttpClientCustomizer((client) -> client.setConnectionManager(connectionManager));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactory {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<ReactorClientHttpRequestFactoryBuilder> ownFactory() {
			return (builder) -> builder
				.withHttpClientFactory(() -> HttpClient.create(ConnectionProvider.create("of the application"))
					.headers((headers) -> headers.add("X-Sent-By", "the client of the application")));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnStrategy {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> ownStrategy() {
			return (builder) -> builder.withHttpClientCustomizer((client) -> client
				.setRetryStrategy(new DefaultHttpRequestRetryStrategy(3, TimeValue.ofMilliseconds(1))));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCookies {

		@Bean
		BasicCookieStore apacheCookies() {
			return new BasicCookieStore();
		}

		@Bean
		HttpCookieStore jettyCookies() {
			return new HttpCookieStore.Default();
		}

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> ownApacheCookies(
				BasicCookieStore cookies) {
			return (builder) -> builder.withHttpClientCustomizer((client) -> client.setDefaultCookieStore(cookies));
		}

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<JettyClientHttpRequestFactoryBuilder> ownJettyCookies(
				HttpCookieStore cookies) {
			return (builder) -> builder.withHttpClientCustomizer((client) -> client.setHttpCookieStore(cookies));
		}

	}

}
