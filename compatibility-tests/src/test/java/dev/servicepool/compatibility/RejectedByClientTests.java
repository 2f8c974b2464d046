package dev.servicepool.compatibility;

import java.net.URI;
import java.time.Duration;

import dev.servicepool.Outcome;
import dev.servicepool.fixtures.ScriptedHttp2Server;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.http.HttpFailures;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Tests for requests that a client does not send because its only connection is in use,
 * and for HTTP/2 with Reactor Netty.
 */
@Timeout(60)
class RejectedByClientTests {

	private final Work work = new Work();

	@AutoClose
	private final Server server = Server.http1().start(this.work);

	@Test
	void requestIsNotSentWhenApacheClientHasNoConnection() throws Exception {
		assertSecondRequestIsNotSent(ClientHttpRequestFactoryBuilder.httpComponents()
			.withConnectionManagerCustomizer((connections) -> connections.setMaxConnTotal(1))
			.withCustomizer((factory) -> factory.setConnectionRequestTimeout(Duration.ofMillis(300)))
			.build());
	}

	@Test
	void requestIsNotSentWhenQueueOfJettyClientIsFull() {
		ClientHttpRequestFactory client = ClientHttpRequestFactoryBuilder.jetty()
			.withHttpClientCustomizer((jetty) -> jetty.setMaxRequestsQueuedPerDestination(0))
			.build();
		assertThat(failure(client, this.server.uri(), "/")).isEqualTo(Outcome.NOT_SENT);
		assertThat(this.server.count()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void requestIsNotSentWhenReactorClientHasNoConnection(int waiting) throws Exception {
		ConnectionProvider connections = ConnectionProvider.builder("full")
			.maxConnections(1)
			.pendingAcquireMaxCount(waiting)
			.pendingAcquireTimeout(Duration.ofMillis(300))
			.build();
		assertSecondRequestIsNotSent(ClientHttpRequestFactoryBuilder.reactor()
			.withHttpClientFactory(() -> HttpClient.create(connections))
			.build());
		connections.dispose();
	}

	private void assertSecondRequestIsNotSent(ClientHttpRequestFactory client) throws Exception {
		Thread first = new Thread(() -> send(client, "/?stall=head"));
		first.start();
		await().until(() -> this.server.count() == 1);
		assertThat(failure(client, this.server.uri(), "/")).isEqualTo(Outcome.NOT_SENT);
		assertThat(this.server.count()).isOne();
		this.work.release();
		first.join();
	}

	private void send(ClientHttpRequestFactory client, String path) {
		try (ClientHttpResponse response = client.createRequest(URI.create(this.server.uri() + path), HttpMethod.GET)
			.execute()) {
			response.getBody().readAllBytes();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Reactor Netty reports every end of a stream in the same way, so that only safe
	 * requests are sent again.
	 */
	@Test
	void refusedStreamMeansConnectionLostWithReactor() throws Exception {
		try (ScriptedHttp2Server refusing = new ScriptedHttp2Server(
				(connection, stream) -> connection.reset(stream, ScriptedHttp2Server.REFUSED_STREAM))) {
			assertThat(failure(reactorHttp2(), refusing.uri(), "/")).isEqualTo(Outcome.CONNECTION_LOST);
		}
	}

	@Test
	void goAwayMeansConnectionLostWithReactor() throws Exception {
		try (ScriptedHttp2Server leaving = new ScriptedHttp2Server((connection, stream) -> {
			connection.goAway(0);
			connection.finish();
		})) {
			assertThat(failure(reactorHttp2(), leaving.uri(), "/")).isEqualTo(Outcome.CONNECTION_LOST);
		}
	}

	private static ClientHttpRequestFactory reactorHttp2() {
		return ClientHttpRequestFactoryBuilder.reactor()
			.withHttpClientCustomizer((client) -> client.protocol(HttpProtocol.HTTP11, HttpProtocol.H2C))
			.build();
	}

	private static Outcome failure(ClientHttpRequestFactory client, URI server, String path) {
		Throwable failure = catchThrowable(
				() -> client.createRequest(URI.create(server + path), HttpMethod.GET).execute().close());
		assertThat(failure).isNotNull();
		return HttpFailures.INSTANCE.classify(failure);
	}

}
