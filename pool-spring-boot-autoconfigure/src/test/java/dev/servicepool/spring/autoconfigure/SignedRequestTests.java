package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.ScriptedHttp2Server;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.HttpClientServiceFactory;
import dev.servicepool.spring.RestClientPools;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for interceptors that sign the address of a request. The pool has a second
 * target, which refuses connections or is another server.
 */
@Timeout(60)
class SignedRequestTests {

	private static final String NAME = "http://orders.test";

	private static final int CALLS = 40;

	private final List<AutoCloseable> closeables = new ArrayList<>();

	private final List<URI> signed = new ArrayList<>();

	private final ApplicationContextRunner runner = Applications.plain();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.closeables) {
			closeable.close();
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { NoFactory.class, Factory.class })
	void signatureOfPoolAddressIsValidAtEachTarget(Class<?> configuration) {
		Server server = verifying((request) -> "orders.test");
		this.runner.withUserConfiguration(configuration)
			.withPropertyValues(targets(server.uri(), Server.unreachable()), "pool.instances.orders.url=" + NAME)
			.run((context) -> {
				RestClient client = client(context, "http://elsewhere", "Signature");
				for (int i = 0; i < CALLS; i++) {
					assertThat(get(client)).isEqualTo("verified");
				}
				assertThat(this.signed).containsOnly(URI.create(NAME + "/path"));
				assertThat(snapshot(context).totals().calls().unsent()).as("requests that changed the target")
					.isPositive();
			});
	}

	@Test
	void signatureOfOnlyTargetIsValid() {
		Server server = verifying((request) -> request.getHeader("Host"));
		this.runner.withPropertyValues(targets(server.uri())).run((context) -> {
			assertThat(get(client(context, NAME, "Signature"))).isEqualTo("verified");
			assertThat(this.signed).containsOnly(server.uri().resolve("/path"));
		});
	}

	@Test
	void signedRequestStaysOnTargetThatRefusesConnections() {
		Server server = verifying((request) -> request.getHeader("Host"));
		this.runner.withPropertyValues(targets(server.uri(), Server.unreachable())).run((context) -> {
			RestClient client = client(context, NAME, "Signature");
			int failed = 0;
			for (int i = 0; i < CALLS; i++) {
				try {
					assertThat(get(client)).isEqualTo("verified");
				}
				catch (ResourceAccessException ex) {
					failed++;
				}
			}
			assertThat(failed).as("requests to the target that refuses connections").isPositive();
			assertThat(snapshot(context).totals().calls().unsent()).isZero();
			assertThat(server.count()).isEqualTo(CALLS - failed);
		});
	}

	@Test
	void unsignedRequestChangesTarget() {
		Server server = Server.responding("ok");
		this.closeables.add(server);
		this.runner.withPropertyValues(targets(server.uri(), Server.unreachable())).run((context) -> {
			RestClient client = client(context, NAME, "Other");
			for (int i = 0; i < CALLS; i++) {
				assertThat(get(client)).isEqualTo("ok");
			}
			assertThat(snapshot(context).totals().calls().unsent()).isPositive();
		});
	}

	@Test
	void signedRequestIsRepeatedOnSameTarget() throws Exception {
		ScriptedHttp2Server losing = new ScriptedHttp2Server((connection, stream) -> {
			if (connection.number() == 1) {
				connection.close();
			}
			else {
				connection.ok(stream);
			}
		});
		this.closeables.add(losing);
		ScriptedHttp2Server other = new ScriptedHttp2Server((connection, stream) -> connection.ok(stream));
		this.closeables.add(other);
		this.runner.withPropertyValues(targets(losing.uri(), other.uri()), Applications.HTTP_2).run((context) -> {
			RestClient client = client(context, NAME, "Signature");
			int calls = 0;
			while (losing.requests().isEmpty()) {
				get(client);
				calls++;
			}
			assertThat(losing.requests()).containsExactly("1/1", "2/1");
			assertThat(other.requests()).hasSize(calls - 1);
		});
	}

	private static String targets(URI... targets) {
		return Stream.of(targets)
			.map(URI::toString)
			.collect(Collectors.joining(",", "pool.instances.orders.targets=", ""));
	}

	/** Start a server that verifies signatures of its name and the path. */
	private Server verifying(Function<HttpServletRequest, String> name) {
		Server server = Server.http1().start((request, response) -> {
			String expected = signature(name.apply(request) + request.getRequestURI());
			response.setStatus(expected.equals(request.getHeader("Signature")) ? 200 : 401);
			response.getOutputStream().print("verified");
		});
		this.closeables.add(server);
		return server;
	}

	/** Return a client whose pool has a service for each target. */
	private RestClient client(ApplicationContext context, String address, String header) {
		await().until(() -> snapshot(context).size().ready() >= snapshot(context).settings().minServices());
		return context.getBean(RestClient.Builder.class)
			.baseUrl(address)
			.apply(context.getBean(RestClientPools.class).fromPool("orders"))
			.requestInterceptor((request, body, execution) -> sign(header, request, body, execution))
			.build();
	}

	private ClientHttpResponse sign(String header, HttpRequest request, byte[] body,
			ClientHttpRequestExecution execution) throws IOException {
		URI uri = request.getURI();
		this.signed.add(uri);
		request.getHeaders().set(header, signature(uri.getAuthority() + uri.getPath()));
		return execution.execute(request, body);
	}

	private static String signature(String text) {
		return HexFormat.of().toHexDigits(("secret " + text).hashCode());
	}

	private static String get(RestClient client) {
		return client.get().uri("/path").retrieve().body(String.class);
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	@Configuration(proxyBeanMethods = false)
	static class NoFactory {

	}

	@Configuration(proxyBeanMethods = false)
	static class Factory {

		@Bean
		HttpClientServiceFactory orders() {
			// A service that does not know the address of its target.
			return (target) -> {
				JdkClientHttpRequestFactory client = new JdkClientHttpRequestFactory();
				return (call) -> {
					ClientHttpRequest request = client.createRequest(call.uri(), call.method());
					request.getHeaders().putAll(call.headers());
					return request.execute();
				};
			};
		}

	}

}
