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
import dev.servicepool.spring.TestKeyStore;
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
 * What a caller sees whose pool has an address that will not do, where that shows at the
 * first call only: what a plain client throws, again and again; and as soon as the
 * address will do, the same pool works.
 */
@Timeout(60)
class PoolFirstCallMisuseTests {

	/** More than a service may fail in a row before others are preferred to it. */
	private static final int FAILURES = 10;

	@TempDir
	private static Path folder;

	private static TestKeyStore right;

	private static TestKeyStore stranger;

	private final ApplicationContextRunner runner = Applications.plain();

	@BeforeAll
	static void makeKeys() throws Exception {
		right = TestKeyStore.loopback();
		stranger = TestKeyStore.create(folder.resolve("stranger.p12"), "DNS:elsewhere");
	}

	@Test
	void aPortAtWhichNobodyListens() throws IOException {
		int port = freePort();
		String uri = "http://127.0.0.1:" + port;
		this.runner.withPropertyValues("pool.instances.orders.targets=" + uri).run((context) -> {
			assertFailsAsPlainClient(context, uri, ConnectException.class);
			try (TestServer server = TestServer.at(port, (exchange) -> TestServer.answer(exchange, 200, "ok"))) {
				assertThat(server.uri()).hasToString(uri);
				assertWorks(context, uri);
			}
			catch (BindException ex) {
				// Somebody else has got the port in the meantime; all the rest was seen.
			}
		});
	}

	@Test
	void aHostThatCannotBeResolved() {
		// No name has a label of more than 63 letters, so nobody needs to be asked for
		// it.
		String uri = "http://" + "x".repeat(64) + ".invalid:8080";
		this.runner.withPropertyValues("pool.instances.orders.targets=" + uri)
			.run((context) -> assertFailsAsPlainClient(context, uri, ConnectException.class));
	}

	@Test
	void tlsToAPortThatSpeaksInTheClear() throws IOException {
		try (ServerSocket clear = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			Thread answering = new Thread(() -> refuseAll(clear));
			answering.start();
			untilTheRightServer(right, clear.getLocalPort(), SSLException.class);
		}
	}

	/** Answer what is not understood as servers do. */
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
	void aCertificateThatIsNotTrusted() throws IOException {
		try (TestServer server = TestServer.secure(stranger, 200, "stranger")) {
			untilTheRightServer(right, server.uri().getPort(), CertPathBuilderException.class);
			assertThat(server.requests()).isEmpty();
		}
	}

	@Test
	void aCertificateForAnotherHost() throws IOException {
		TestKeyStore both = right.trusting(stranger, folder.resolve("both.p12"));
		try (TestServer server = TestServer.secure(stranger, 200, "stranger")) {
			untilTheRightServer(both, server.uri().getPort(), CertificateException.class);
			assertThat(server.requests()).isEmpty();
		}
	}

	/**
	 * Call a server that will not do, and then, at the same address, one that will.
	 */
	private void untilTheRightServer(TestKeyStore trusted, int wrong, Class<? extends Throwable> cause)
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
		assertThat(causes(expected)).as("the premise of what follows").hasAtLeastOneElementOfType(cause);
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
