package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLException;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.spring.Applications;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.TestRelay;
import dev.servicepool.spring.TestServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for misconfigured addresses that only the first call reveals. Each call fails
 * with the exception of a plain client. The same pool works as soon as the server at the
 * address is correct.
 */
@Timeout(60)
class PoolFirstCallMisuseTests {

	/** More than the number of consecutive failures that eject a service. */
	private static final int FAILURES = 10;

	@TempDir
	private static Path folder;

	private static TestKeyStore right;

	private static TestKeyStore stranger;

	private final ApplicationContextRunner runner = Applications.plain();

	@BeforeAll
	static void createKeys() throws Exception {
		right = TestKeyStore.loopback();
		stranger = TestKeyStore.create(folder.resolve("stranger.p12"), "DNS:elsewhere");
	}

	@Test
	void failsLikePlainClientWhenPortIsClosed() throws IOException {
		int port = freePort();
		String uri = "http://127.0.0.1:" + port;
		this.runner.withPropertyValues("pool.instances.orders.targets=" + uri).run((context) -> {
			assertFailsAsPlainClient(context, uri, ConnectException.class);
			try (TestServer server = TestServer.at(port, (exchange) -> TestServer.respond(exchange, 200, "ok"))) {
				assertThat(server.uri()).hasToString(uri);
				assertWorks(context, uri);
			}
			catch (BindException ex) {
				// Another process uses the port now. All other assertions have passed.
			}
		});
	}

	@Test
	void failsLikePlainClientWhenHostIsUnknown() {
		// A label of a host name has at most 63 letters, so resolution fails without a
		// query.
		String uri = "http://" + "x".repeat(64) + ".invalid:8080";
		this.runner.withPropertyValues("pool.instances.orders.targets=" + uri)
			.run((context) -> assertFailsAsPlainClient(context, uri, ConnectException.class));
	}

	@Test
	void failsLikePlainClientWhenServerLacksTls() throws IOException {
		try (ServerSocket clear = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			Thread responder = new Thread(() -> refuseAll(clear));
			responder.start();
			callWrongThenRightServer(right, clear.getLocalPort(), SSLException.class);
		}
	}

	/** Respond to unknown requests with an error, as servers do. */
	private static void refuseAll(ServerSocket server) {
		try {
			while (true) {
				try (Socket client = server.accept()) {
					client.getInputStream().read(new byte[1024]);
					client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
				}
			}
		}
		catch (IOException ex) {
			// The server is closed.
		}
	}

	@Test
	void failsLikePlainClientWhenCertificateIsUntrusted() throws IOException {
		try (TestServer server = TestServer.secure(stranger, 200, "stranger")) {
			callWrongThenRightServer(right, server.uri().getPort(), CertPathBuilderException.class);
			assertThat(server.requests()).isEmpty();
		}
	}

	@Test
	void failsLikePlainClientWhenCertificateHostDiffers() throws IOException {
		TestKeyStore both = right.trusting(stranger, folder.resolve("both.p12"));
		try (TestServer server = TestServer.secure(stranger, 200, "stranger")) {
			callWrongThenRightServer(both, server.uri().getPort(), CertificateException.class);
			assertThat(server.requests()).isEmpty();
		}
	}

	/**
	 * Call a wrong server, and then the right server at the same address.
	 */
	private void callWrongThenRightServer(TestKeyStore trusted, int wrong, Class<? extends Throwable> cause)
			throws IOException {
		try (TestServer server = TestServer.secure(right, 200, "ok"); TestRelay relay = new TestRelay(wrong)) {
			String uri = "https://127.0.0.1:" + relay.port();
			this.runner.withPropertyValues(trusted.trustedBy("trusting"))
				.withPropertyValues("pool.instances.orders.targets=" + uri, "spring.http.clients.ssl.bundle=trusting")
				.run((context) -> {
					assertFailsAsPlainClient(context, uri, cause);
					relay.switchTo(server.uri().getPort());
					assertWorks(context, uri);
				});
		}
	}

	private static void assertFailsAsPlainClient(ApplicationContext context, String uri,
			Class<? extends Throwable> cause) {
		RestClient pooled = context.getBean(RestClient.Builder.class).build();
		RestClient plain = RestClient.builder()
			.requestFactory(RoutingRequestFactoryBuilder.unwrap(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.build(context.getBean(HttpClientSettings.class)))
			.build();
		Throwable expected = catchThrowable(() -> get(plain, uri));
		assertThat(expected).isInstanceOf(ResourceAccessException.class).hasCauseInstanceOf(IOException.class);
		assertThat(causes(expected)).as("precondition").hasAtLeastOneElementOfType(cause);
		for (int i = 0; i < FAILURES; i++) {
			assertThat(causes(catchThrowable(() -> get(pooled, uri)))).map(Throwable::toString)
				.isEqualTo(causes(expected).stream().map(Throwable::toString).toList());
		}
		PoolSnapshot snapshot = snapshot(context);
		assertThat(snapshot.calls().failed()).isEqualTo(FAILURES);
		assertThat(snapshot.inFlight()).isZero();
	}

	private static void assertWorks(ApplicationContext context, String uri) {
		assertThat(get(context.getBean(RestClient.Builder.class).build(), uri)).isEqualTo("ok");
		assertThat(snapshot(context).calls().succeeded()).isOne();
		assertThat(snapshot(context).inFlight()).isZero();
	}

	private static String get(RestClient client, String uri) {
		return client.get().uri(uri).retrieve().requiredBody(String.class);
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	private static List<Throwable> causes(Throwable failure) {
		List<Throwable> causes = new ArrayList<>();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			causes.add(cause);
		}
		return causes;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
