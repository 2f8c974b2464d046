package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.EchoHandler.Seen;
import dev.servicepool.spring.EchoHandler;
import dev.servicepool.spring.JdkClients;
import dev.servicepool.spring.routing.RoutingRequestFactoryBuilderPostProcessor;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.service.HttpServiceClientAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.client.RestClient;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same call through a plain client and through a pooled client, to one real server.
 * The server must receive the same request, and the caller must receive the same result.
 * The pooled call must acquire one lease and release it. The pool has a URL of its own,
 * so that each of its requests must be addressed to the target.
 */
final class SideBySide implements AutoCloseable {

	/** The number of calls of which at least one must not meet a defect of the client. */
	private static final int MAX_ATTEMPTS = 20;

	/** Protocol of the requests. */
	enum Wire {

		HTTP_1_1("http", "HTTP/1.1"), H2C("http", "HTTP/2.0"), H2("https", "HTTP/2.0");

		private final String scheme;

		private final String protocol;

		Wire(String scheme, String protocol) {
			this.scheme = scheme;
			this.protocol = protocol;
		}

	}

	/**
	 * Client with the address of its requests.
	 *
	 * @param client the client, whose base URL is the address
	 * @param address the address of the target, or the URL of the pool
	 * @param leases the number of leases that a call acquires
	 */
	record Side(RestClient client, String address, int leases) {

		/** Return a URI without encoding it. */
		URI uri(String rest) {
			return URI.create(this.address + rest);
		}

	}

	/**
	 * Call that closes its response.
	 */
	interface Call {

		Object on(Side side) throws IOException;

	}

	/**
	 * Outcome of a call.
	 *
	 * @param result the result for the caller
	 * @param seen the requests that the server received, in this order
	 */
	record Outcome(Object result, List<Seen> seen) {

		Seen onlySeen() {
			assertThat(this.seen).hasSize(1);
			return this.seen.get(0);
		}

	}

	/**
	 * Response as the caller receives it.
	 *
	 * @param status the status
	 * @param headers all header fields except the date, by their names in lower case
	 * @param length the number of bytes of the body
	 * @param checksum the checksum of the body
	 */
	record Got(int status, Map<String, List<String>> headers, long length, long checksum) {

		static Got of(int status, HttpHeaders fields, byte[] body) {
			Map<String, List<String>> headers = new TreeMap<>();
			fields.forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
			headers.remove("date");
			CRC32 checksum = new CRC32();
			checksum.update(body);
			return new Got(status, headers, body.length, checksum.getValue());
		}

		static Got of(ResponseEntity<byte[]> entity) {
			byte[] body = entity.getBody();
			return of(entity.getStatusCode().value(), entity.getHeaders(), (body != null) ? body : new byte[0]);
		}

		static Got of(RestClient.RequestHeadersSpec<?> request) {
			return request.exchange((sent, response) -> of(response));
		}

		static Got of(ClientHttpResponse response) throws IOException {
			try (InputStream body = response.getBody()) {
				return of(response.getStatusCode().value(), response.getHeaders(), body.readAllBytes());
			}
		}

	}

	/**
	 * HTTP service interface of the server.
	 */
	interface EchoClient {

		@PostExchange("/{path}")
		ResponseEntity<byte[]> send(@PathVariable String path, @RequestParam("q") String query,
				@RequestHeader("X-Many") List<String> values, @RequestBody byte[] body);

	}

	private final Wire wire;

	private final EchoHandler echo;

	private final String target;

	private final ConfigurableApplicationContext context;

	private final Pool<?, ?> pool;

	private final Side plain;

	private final Side pooled;

	SideBySide(Wire wire, Server server, EchoHandler echo, String... properties) {
		this.wire = wire;
		this.echo = echo;
		this.target = ((wire == Wire.H2) ? server.secureUri() : server.uri()).toString();
		String address = wire.scheme + "://orders.test";
		this.context = start(server, properties, address);
		this.pool = this.context.getBean(Pool.class);
		this.plain = new Side(plainClient(), this.target, 0);
		this.pooled = new Side(this.context.getBean(RestClient.Builder.class).baseUrl(address).build(), address, 1);
		connect(this.plain);
		connect(this.pooled);
	}

	private ConfigurableApplicationContext start(Server server, String[] properties, String address) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues
			.of("pool.instances.orders.targets=" + this.target, "pool.instances.orders.url=" + address,
					"pool.instances.orders.server-name=target", "spring.http.serviceclient.orders.base-url=" + address,
					"pool.max-services=1")
			.and(properties)
			.applyTo(context);
		if (this.wire == Wire.H2) {
			// The bundle names the protocol, so that the plain client also uses HTTP/2.
			TestPropertyValues.of(TestKeyStore.loopback().trustedBy("trusting"))
				.and("spring.ssl.bundle.jks.trusting.options.enabled-protocols=TLSv1.3",
						"spring.http.clients.ssl.bundle=trusting")
				.applyTo(context);
		}
		if (this.wire == Wire.HTTP_1_1) {
			context.register(Http1.class);
		}
		else {
			TestPropertyValues.of(Applications.HTTP_2).applyTo(context);
		}
		context.register(Application.class);
		context.refresh();
		return context;
	}

	/** Return the request factory that clients would use without a pool. */
	ClientHttpRequestFactory plainFactory() {
		return RoutingRequestFactoryBuilderPostProcessor
			.unwrap(this.context.getBean(ClientHttpRequestFactoryBuilder.class))
			.build(this.context.getBean(HttpClientSettings.class));
	}

	private RestClient plainClient() {
		return RestClient.builder().baseUrl(this.target).requestFactory(plainFactory()).build();
	}

	/** Open a connection of a client with the expected HTTP version. */
	private void connect(Side side) {
		side.client().get().uri("/").retrieve().toBodilessEntity();
		side.client().get().uri("/").retrieve().toBodilessEntity();
		assertThat(this.echo.drain().get(1).line()).isEqualTo("GET / " + this.wire.protocol);
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	String target() {
		return this.target;
	}

	Side pooled() {
		return this.pooled;
	}

	/** Return the number of active leases. */
	int inFlight() {
		return this.pool.snapshot().load().inFlight();
	}

	/**
	 * Perform a call through both clients and compare the outcomes.
	 * @param call the call
	 * @return the outcome, which is the same for both clients
	 */
	Outcome call(Call call) throws IOException {
		for (int attempt = 1;; attempt++) {
			try {
				return compare(call);
			}
			catch (NullPointerException ex) {
				// The client may lose a race with the writer of a short body several
				// times.
				if (!JdkClients.isClientDefect(ex) || attempt == MAX_ATTEMPTS) {
					throw ex;
				}
				this.echo.drain();
			}
		}
	}

	private Outcome compare(Call call) throws IOException {
		Outcome expected = outcome(call, this.plain);
		PoolSnapshot before = this.pool.snapshot();
		assertThat(before.load().inFlight()).isZero();
		Outcome actual = outcome(call, this.pooled);
		assertThat(actual).isEqualTo(expected);
		PoolSnapshot after = this.pool.snapshot();
		assertThat(after.load().inFlight()).isZero();
		assertThat(ended(after) - ended(before)).as("leases").isOne();
		return actual;
	}

	private Outcome outcome(Call call, Side side) throws IOException {
		Object result = call.on(side);
		return new Outcome(result, this.echo.drain());
	}

	private static long ended(PoolSnapshot snapshot) {
		return snapshot.totals().calls().succeeded() + snapshot.totals().calls().failed()
				+ snapshot.totals().calls().unsent() + snapshot.totals().calls().unknown();
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
			RestClientAutoConfiguration.class, RestTemplateAutoConfiguration.class, HttpClientAutoConfiguration.class,
			ImperativeHttpClientAutoConfiguration.class, HttpServiceClientPropertiesAutoConfiguration.class,
			HttpServiceClientAutoConfiguration.class, SslAutoConfiguration.class })
	@ImportHttpServices(group = "orders", types = EchoClient.class)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Http1 {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> http1() {
			return (builder) -> builder
				.withHttpClientCustomizer((client) -> client.version(HttpClient.Version.HTTP_1_1));
		}

	}

}
