package dev.servicepool.compatibility;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.Outcome;
import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.LinkFailure;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.http.HttpFailures;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientsProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for the classification of failures that each HTTP client library reports with
 * real servers. All libraries are on the class path, because an exception does not name
 * its library.
 */
@Tag("slow")
@Timeout(60)
@ParameterizedClass
@EnumSource
class ClientFailureTests {

	private static final HttpClientSettings SETTINGS = HttpClientSettings.defaults()
		.withConnectTimeout(Duration.ofSeconds(10))
		.withReadTimeout(Duration.ofSeconds(20));

	private static final Duration SHORT = Duration.ofMillis(500);

	@Parameter
	private ImperativeHttpClientsProperties.Factory library;

	private final Work work = new Work();

	@AutoClose
	private final Server server = Server.http1().start(this.work);

	@AutoClose
	private final Link link = Link.to(this.server.uri());

	@Test
	void refusedConnectionMeansNotSent() {
		assertThat(failure(SETTINGS, Server.unreachable(), "/")).isEqualTo(Outcome.NOT_SENT);
	}

	@Test
	void unknownHostMeansNotSent() {
		assertThat(failure(SETTINGS, URI.create("http://unknown.invalid"), "/")).isEqualTo(Outcome.NOT_SENT);
	}

	@Test
	void connectTimeoutMeansNotSent() throws Exception {
		try (FullListener listener = new FullListener()) {
			assertThat(failure(SETTINGS.withConnectTimeout(SHORT), listener.uri(), "/")).isEqualTo(Outcome.NOT_SENT);
		}
	}

	@Test
	void untrustedCertificateMeansNotSent() {
		try (Server secure = Server.http1().tls(TestKeyStore.loopback()).start(this.work)) {
			assertThat(failure(SETTINGS, secure.secureUri(), "/")).isEqualTo(Outcome.NOT_SENT);
			assertThat(secure.count()).isZero();
		}
	}

	/** The alert may arrive after the server has received the request. */
	@Test
	void alertOfServerMeansConnectionLost() throws Exception {
		TestKeyStore keyStore = TestKeyStore.loopback();
		KeyStore trusted = KeyStore.getInstance(keyStore.file().toFile(), TestKeyStore.PASSWORD.toCharArray());
		SslBundle bundle = SslBundle.of(SslStoreBundle.of(null, null, trusted));
		try (Server secure = Server.http1().tls(keyStore).requireClientCertificates().start(this.work)) {
			assertThat(failure(SETTINGS.withSslBundle(bundle), secure.secureUri(), "/"))
				.isEqualTo(Outcome.CONNECTION_LOST);
		}
	}

	@Test
	void resetBeforeResponseMeansConnectionLost() {
		this.link.failAfter(LinkFailure.RESET, 20);
		assertThat(failure(SETTINGS, this.link.uri(), "/")).isEqualTo(Outcome.CONNECTION_LOST);
	}

	@Test
	void endOfConnectionBeforeResponseMeansConnectionLost() {
		this.link.failAfter(LinkFailure.CLOSE, 20);
		assertThat(failure(SETTINGS, this.link.uri(), "/")).isEqualTo(Outcome.CONNECTION_LOST);
	}

	@Test
	void resetWithinBodyMeansConnectionLost() {
		this.link.failAfter(LinkFailure.RESET, 50_000);
		assertThat(failure(SETTINGS, this.link.uri(), "/?size=100000")).isEqualTo(Outcome.CONNECTION_LOST);
	}

	@Test
	void readTimeoutMeansNoResponse() {
		assertThat(failure(SETTINGS.withReadTimeout(SHORT), this.server.uri(), "/?stall=head"))
			.isEqualTo(Outcome.NO_RESPONSE);
		this.work.release();
	}

	@Test
	void readTimeoutWithinBodyMeansNoResponse() {
		assertThat(failure(SETTINGS.withReadTimeout(SHORT), this.server.uri(), "/?size=100000&stall=body"))
			.isEqualTo(Outcome.NO_RESPONSE);
		this.work.release();
	}

	/**
	 * Sockets that block, as in Apache's client and in {@code simple}, ignore interrupts.
	 * The interrupt is sent when the whole request was received: Jetty's client clears it
	 * if it interrupts the writing of the body.
	 */
	@Test
	void interruptMeansCallerIfClientCanBeInterrupted() {
		HttpClientSettings settings = SETTINGS.withReadTimeout(Duration.ofSeconds(3));
		Thread caller = Thread.currentThread();
		Thread interrupter = new Thread(() -> {
			while (this.work.stalled() == 0) {
				Thread.onSpinWait();
			}
			caller.interrupt();
		});
		interrupter.start();
		boolean blocking = this.library == ImperativeHttpClientsProperties.Factory.HTTP_COMPONENTS
				|| this.library == ImperativeHttpClientsProperties.Factory.SIMPLE;
		assertThat(failure(settings, this.server.uri(), "/?stall=head"))
			.isEqualTo(blocking ? Outcome.NO_RESPONSE : Outcome.CALLER);
		assertThat(Thread.interrupted()).isTrue();
		this.work.release();
	}

	/** Send a POST, which no client repeats, and classify its failure. */
	private Outcome failure(HttpClientSettings settings, URI server, String path) {
		ClientHttpRequestFactory client = builder().build(settings);
		Throwable failure = catchThrowable(() -> {
			ClientHttpRequest request = client.createRequest(URI.create(server + path), HttpMethod.POST);
			request.getBody().write("a body".getBytes(StandardCharsets.US_ASCII));
			try (ClientHttpResponse response = request.execute()) {
				response.getBody().readAllBytes();
			}
		});
		assertThat(failure).isNotNull();
		return HttpFailures.INSTANCE.classify(failure);
	}

	private ClientHttpRequestFactoryBuilder<?> builder() {
		return switch (this.library) {
			case HTTP_COMPONENTS -> ClientHttpRequestFactoryBuilder.httpComponents();
			case JETTY -> ClientHttpRequestFactoryBuilder.jetty();
			case REACTOR -> ClientHttpRequestFactoryBuilder.reactor();
			case JDK -> ClientHttpRequestFactoryBuilder.jdk();
			case SIMPLE -> ClientHttpRequestFactoryBuilder.simple();
		};
	}

	/** Listener whose queue of connections is full, so that it ignores further ones. */
	private static final class FullListener implements AutoCloseable {

		private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

		private final List<Socket> connections = new ArrayList<>();

		FullListener() throws IOException {
			boolean full = false;
			while (!full) {
				Socket connection = new Socket();
				this.connections.add(connection);
				try {
					connection.connect(this.listener.getLocalSocketAddress(), 300);
				}
				catch (SocketTimeoutException ex) {
					full = true;
				}
			}
		}

		URI uri() {
			return URI.create("http://127.0.0.1:" + this.listener.getLocalPort());
		}

		@Override
		public void close() throws IOException {
			this.listener.close();
			for (Socket connection : this.connections) {
				connection.close();
			}
		}

	}

}
