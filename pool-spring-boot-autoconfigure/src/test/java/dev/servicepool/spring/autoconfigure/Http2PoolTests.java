package dev.servicepool.spring.autoconfigure;

import java.util.Map;

import dev.servicepool.Pool;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the HTTP version of pooled clients, with a real server.
 */
class Http2PoolTests {

	@AutoClose
	private static final Server server = Server.http2(100).tls(TestKeyStore.loopback()).start();

	private final ApplicationContextRunner runner = Applications.plain()
		.withPropertyValues(TestKeyStore.loopback().trustedBy("trusting"));

	@Test
	void plainClientsUseHttp1WhenSslBundleIsSet() {
		this.runner.withPropertyValues("spring.http.clients.ssl.bundle=trusting")
			.run((context) -> assertThat(get(context)).as("precondition").startsWith("HTTP/1.1 "));
	}

	@Test
	void pooledClientsUseHttp2WithSharedSslBundle() {
		this.runner.withPropertyValues("spring.http.clients.ssl.bundle=trusting", secureTarget()).run((context) -> {
			assertThat(get(context)).isEqualTo("HTTP/2.0 TLSv1.3");
			assertThat(context.getBean(Pool.class).snapshot().totals().calls().succeeded()).isOne();
		});
	}

	@Test
	void pooledClientsUseHttp2WithOwnSslBundle() {
		this.runner.withPropertyValues("pool.instances.orders.client.ssl.bundle=trusting", secureTarget())
			.run((context) -> assertThat(get(context)).isEqualTo("HTTP/2.0 TLSv1.3"));
	}

	@Test
	void enabledProtocolsOfSslBundleAreKept() {
		this.runner
			.withPropertyValues("pool.instances.orders.client.ssl.bundle=trusting", secureTarget(),
					"spring.ssl.bundle.jks.trusting.options.enabled-protocols=TLSv1.2")
			.run((context) -> assertThat(get(context)).isEqualTo("HTTP/2.0 TLSv1.2"));
	}

	@Test
	void protocolOfSslBundleIsKept() {
		this.runner
			.withPropertyValues("pool.instances.orders.client.ssl.bundle=trusting", secureTarget(),
					"spring.ssl.bundle.jks.trusting.protocol=TLSv1.2")
			.run((context) -> assertThat(get(context)).isEqualTo("HTTP/2.0 TLSv1.2"));
	}

	@Test
	void untrustedServerReceivesNoRequest() {
		this.runner.withPropertyValues(secureTarget())
			.run((context) -> assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(context))
				.withRootCauseInstanceOf(java.security.GeneralSecurityException.class));
	}

	@Test
	void pooledClientsUseHttp1WithoutTls() {
		this.runner.withPropertyValues("pool.instances.orders.targets=" + server.uri()).run((context) -> {
			get(context, server.uri().toString());
			assertThat(get(context, server.uri().toString())).isEqualTo("HTTP/1.1");
		});
	}

	/** Tomcat rejects longer bodies of requests that request an upgrade. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 8, 64 })
	void firstBodyWithoutTlsReachesServer(int kilobytes) {
		Work work = new Work();
		try (Server receiving = Server.http2(100).start(work)) {
			this.runner.withPropertyValues("pool.instances.orders.targets=" + receiving.uri()).run((context) -> {
				client(context).post()
					.uri(receiving.uri())
					.body(new byte[1024 * kilobytes])
					.retrieve()
					.toBodilessEntity();
				assertThat(work.received()).isEqualTo(1024 * kilobytes);
			});
		}
	}

	@Test
	void httpVersionPropertySelectsHttp2WithoutTls() {
		this.runner.withPropertyValues("pool.instances.orders.targets=" + server.uri(), Applications.HTTP_2)
			.run((context) -> {
				get(context, server.uri().toString());
				assertThat(get(context, server.uri().toString())).isEqualTo("HTTP/2.0");
			});
	}

	@Test
	void httpVersionPropertySelectsHttp1() {
		this.runner
			.withPropertyValues("pool.instances.orders.client.ssl.bundle=trusting", secureTarget(),
					"pool.instances.orders.client.http-version=http-1-1")
			.run((context) -> assertThat(get(context)).startsWith("HTTP/1.1 "));
	}

	@Test
	void serviceDetailsContainProtocol() {
		this.runner.withPropertyValues("pool.instances.orders.client.ssl.bundle=trusting", secureTarget())
			.run((context) -> {
				assertThat(details(context)).as("no details before the first response").isEmpty();
				get(context);
				assertThat(details(context)).containsExactly(Map.entry("protocol", "HTTP/2"));
			});
		this.runner
			.withPropertyValues("pool.instances.orders.client.ssl.bundle=trusting", secureTarget(),
					"pool.instances.orders.client.http-version=http-1-1")
			.run((context) -> {
				get(context);
				assertThat(details(context)).containsExactly(Map.entry("protocol", "HTTP/1.1"));
			});
	}

	private static Map<String, String> details(ApplicationContext context) {
		Pool<?, ?> pool = context.getBean(Pool.class);
		await().until(() -> !pool.snapshot().services().isEmpty());
		return pool.snapshot().services().get(0).details();
	}

	private static String secureTarget() {
		return "pool.instances.orders.targets=" + server.secureUri();
	}

	private static String get(ApplicationContext context) {
		return get(context, server.secureUri().toString());
	}

	private static String get(ApplicationContext context, String uri) {
		return client(context).get().uri(uri).retrieve().body(String.class);
	}

	private static RestClient client(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class).build();
	}

}
