package dev.servicepool.spring.autoconfigure;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.Pool;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with a server that does not support HTTP/2, over cleartext and over TLS. The pool
 * works with it without configuration, and its clients keep their connections.
 */
@Timeout(180)
class Http1PoolTests {

	private static final int ROUNDS = 30;

	/** Far fewer than the limit of one service, so that the pool does not scale up. */
	private static final int CALLERS = 10;

	@AutoClose
	private static final Server server = Server.http1().tls(TestKeyStore.loopback()).start();

	private final ApplicationContextRunner runner = Applications.plain()
		.withPropertyValues(TestKeyStore.loopback().trustedBy("trusting"))
		.withPropertyValues("pool.instances.orders.client.ssl.bundle=trusting");

	@BeforeEach
	void clearConnections() {
		server.log().reset();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void sequentialCallsUseOneConnection(boolean secure) {
		String uri = uri(secure);
		this.runner.withPropertyValues("pool.instances.orders.targets=" + uri).run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).build();
			for (int i = 0; i < ROUNDS; i++) {
				assertThat(call(client, uri)).startsWith("HTTP/1.1");
			}
			assertThat(server.log().connections()).isOne();
			assertThat(context.getBean(Pool.class).snapshot().totals().calls().succeeded()).isEqualTo(ROUNDS);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void concurrentCallsUseAtMostOneConnectionEach(boolean secure) {
		String uri = uri(secure);
		this.runner.withPropertyValues("pool.instances.orders.targets=" + uri).run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).build();
			Callable<String> call = () -> call(client, uri);
			ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
			try {
				for (int i = 0; i < ROUNDS; i++) {
					for (Future<String> protocol : callers.invokeAll(Collections.nCopies(CALLERS, call))) {
						assertThat(protocol.get()).startsWith("HTTP/1.1");
					}
				}
			}
			finally {
				callers.shutdownNow();
			}
			assertThat(server.log().connections()).isLessThanOrEqualTo(CALLERS);
			assertThat(context.getBean(Pool.class).snapshot().totals().calls().succeeded()).isEqualTo(ROUNDS * CALLERS);
		});
	}

	private static String uri(boolean secure) {
		return (secure ? server.secureUri() : server.uri()).toString();
	}

	private static String call(RestClient client, String uri) {
		return client.post().uri(uri).retrieve().body(String.class);
	}

}
