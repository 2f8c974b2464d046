package dev.servicepool.compatibility;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

import dev.servicepool.Pool;
import dev.servicepool.Target;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import dev.servicepool.spring.http.client.ClientAdapter;
import dev.servicepool.spring.http.client.Connections;
import dev.servicepool.spring.http.client.Exchange;
import dev.servicepool.spring.http.client.HttpVersion;
import dev.servicepool.spring.http.client.ServerLocation;
import dev.servicepool.spring.http.client.ServiceClient;
import dev.servicepool.spring.http.client.ServiceClientOptions;
import dev.servicepool.spring.http.client.ServiceClients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the threads and the selector that the Jetty clients of one pool share.
 */
@Tag("slow")
@Timeout(120)
@ParameterizedClass
@EnumSource
class JettyThreadsTests {

	private static final int SERVICES = 100;

	@Parameter
	private HttpVersion version;

	private final TestKeyStore keyStore = TestKeyStore.loopback();

	private final Work work = new Work();

	@AutoClose
	private final Server server = Server.http2().tls(this.keyStore).start(this.work);

	@Test
	void hundredServicesNeedFewMoreThreadsThanOne() {
		long one = threads(1);
		assertThat(threads(SERVICES)).isLessThanOrEqualTo(one + 12);
		await().until(() -> count((name) -> name.startsWith("pool-orders")) == 0);
		await().until(() -> this.server.connections() == 0);
	}

	/** Return the number of threads when each service has a connection. */
	private long threads(int services) {
		AtomicLong threads = new AtomicLong();
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, SslAutoConfiguration.class))
			.withPropertyValues(this.keyStore.trustedBy("servers"))
			.withPropertyValues("spring.http.clients.imperative.factory=jetty",
					"pool.instances.orders.targets=" + this.server.secureUri(),
					"pool.instances.orders.client.ssl.bundle=servers",
					"pool.instances.orders.client.http-version=" + this.version, "pool.load-metric=constant",
					"pool.min-services=" + services, "pool.max-services=" + services)
			.run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class).build();
				Pool<?, ?> pool = context.getBean(Pool.class);
				await().until(() -> pool.snapshot().size().live() == services);
				while (pool.snapshot().services().stream().anyMatch((service) -> service.totals().calls() == 0)) {
					client.get().uri(this.server.secureUri()).retrieve().toBodilessEntity();
				}
				await().until(() -> this.server.connections() >= services);
				threads.set(count((name) -> !name.startsWith("http-nio") && !name.startsWith("Catalina")));
			});
		return threads.get();
	}

	/** The client that starts first creates the selector. */
	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void closingClientEndsOnlyItsOwnConnections(int closed) throws Exception {
		HttpClientSettings settings = HttpClientSettings.ofSslBundle(trusted());
		ServiceClients factory = clients(settings);
		List<ServiceClient> clients = List.of(client(factory, settings), client(factory, settings));
		for (ServiceClient client : clients) {
			get(client, "/");
		}
		await().until(() -> this.server.connections() == 2);
		ServiceClient open = clients.get(1 - closed);
		ExecutorService caller = Executors.newSingleThreadExecutor();
		try {
			Future<String> response = caller.submit(() -> get(open, "/?stall=head"));
			await().until(() -> this.work.stalled() == 1);
			clients.get(closed).close();
			await().until(() -> this.server.connections() == 1);
			this.work.release();
			assertThat(response.get()).startsWith("HTTP/");
			ServiceClient next = client(factory, settings);
			get(next, "/");
			await().until(() -> this.server.connections() == 2);
			next.close();
			get(open, "/");
			open.close();
		}
		finally {
			caller.shutdownNow();
		}
		await().until(() -> this.server.connections() == 0);
		assertThat(count((name) -> name.startsWith("pool-orders"))).isZero();
	}

	private ServiceClients clients(HttpClientSettings settings) {
		ClientHttpRequestFactoryBuilder<?> builder = ClientHttpRequestFactoryBuilder.jetty();
		ServiceClientOptions options = new ServiceClientOptions("orders", settings, this.version, Connections.OWN);
		return ClientAdapter.of(builder).clients(builder, options);
	}

	private SslBundle trusted() throws IOException, GeneralSecurityException {
		KeyStore trusted = KeyStore.getInstance(this.keyStore.file().toFile(), TestKeyStore.PASSWORD.toCharArray());
		return SslBundle.of(SslStoreBundle.of(null, null, trusted));
	}

	private ServiceClient client(ServiceClients factory, HttpClientSettings settings) {
		return factory.create(settings, new ServerLocation(Target.of(this.server.secureUri()), null), 20);
	}

	private String get(ServiceClient client, String path) throws IOException {
		URI uri = URI.create(this.server.secureUri() + path);
		try (ClientHttpResponse response = client.send(new Get(uri), null)) {
			return new String(response.getBody().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

	private static long count(Predicate<String> name) {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(name).count();
	}

	private record Get(URI uri) implements Exchange {

		@Override
		public HttpMethod method() {
			return HttpMethod.GET;
		}

		@Override
		public ClientHttpResponse send(ClientHttpRequestFactory requestFactory, boolean emptyBody) throws IOException {
			return requestFactory.createRequest(this.uri, HttpMethod.GET).execute();
		}

		@Override
		public void notProcessed() {
			throw new IllegalStateException("The server has refused " + this.uri);
		}

	}

}
