package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.Pool;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Http2Server;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
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

	@TempDir
	private static Path folder;

	private static final Connections connections = new Connections();

	private static Http2Server server;

	private final ApplicationContextRunner runner = Applications.plain()
		.withPropertyValues(server.keyStore().trustedBy("trusting"))
		.withPropertyValues("pool.instances.orders.client.ssl.bundle=trusting");

	@BeforeAll
	static void startServer() throws Exception {
		server = new Http2Server(folder, Http2Server.HTTP_1_1, connections);
	}

	@AfterAll
	static void stopServer() throws Exception {
		server.close();
	}

	@BeforeEach
	void clearConnections() {
		connections.ports.clear();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void sequentialCallsUseOneConnection(boolean secure) {
		String uri = uri(secure);
		this.runner.withPropertyValues("pool.instances.orders.targets=" + uri).run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).build();
			for (int i = 0; i < ROUNDS; i++) {
				assertThat(call(client, uri)).isEqualTo("HTTP/1.1");
			}
			assertThat(connections.ports).hasSize(1);
			assertThat(context.getBean(Pool.class).snapshot().calls().succeeded()).isEqualTo(ROUNDS);
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
						assertThat(protocol.get()).isEqualTo("HTTP/1.1");
					}
				}
			}
			finally {
				callers.shutdownNow();
			}
			assertThat(connections.ports).hasSizeLessThanOrEqualTo(CALLERS);
			assertThat(context.getBean(Pool.class).snapshot().calls().succeeded()).isEqualTo(ROUNDS * CALLERS);
		});
	}

	private static String uri(boolean secure) {
		return (secure ? server.secureUri() : server.clearUri()).toString();
	}

	private static String call(RestClient client, String uri) {
		return client.post().uri(uri).retrieve().body(String.class);
	}

	/** Records the connections of the requests. */
	private static final class Connections extends HttpServlet {

		private static final long serialVersionUID = 1L;

		private final transient Set<Integer> ports = ConcurrentHashMap.newKeySet();

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			request.getInputStream().readAllBytes();
			this.ports.add(request.getRemotePort());
			response.getWriter().print(request.getProtocol());
		}

	}

}
