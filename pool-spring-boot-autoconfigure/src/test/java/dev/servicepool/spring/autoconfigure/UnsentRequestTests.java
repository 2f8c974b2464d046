package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.ScriptedHttp2Server.Script;
import dev.servicepool.fixtures.ScriptedHttp2Server;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for requests whose connection the server closes, and for requests that cannot be
 * connected. The pool sends a request again only if no server has processed it.
 * Otherwise, the request fails.
 */
@Timeout(180)
class UnsentRequestTests {

	private final List<AutoCloseable> closeables = new ArrayList<>();

	private final ApplicationContextRunner runner = Applications.plain();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.closeables) {
			closeable.close();
		}
	}

	@Test
	void refusedGetIsSentAgain() throws Exception {
		ScriptedHttp2Server server = refusingSecondToFourth();
		run(server.uri(), (context) -> {
			get(context, server.uri());
			get(context, server.uri());
			assertThat(server.requests()).containsExactly("1/1", "1/3", "1/5", "1/7", "1/9");
			assertThat(snapshot(context).totals().calls().succeeded()).isEqualTo(2);
			assertThat(snapshot(context).totals().calls().unsent()).isPositive();
			assertThat(snapshot(context).totals().calls().failed()).isZero();
		});
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "an order", "" })
	void refusedPostIsSentAgain(@Nullable String body) throws Exception {
		ScriptedHttp2Server server = refusingSecondToFourth();
		run(server.uri(), (context) -> {
			post(context, server.uri(), body);
			post(context, server.uri(), body);
			assertThat(server.requests()).containsExactly("1/1", "1/3", "1/5", "1/7", "1/9");
			assertThat(snapshot(context).totals().calls().succeeded()).isEqualTo(2);
			assertThat(snapshot(context).totals().calls().failed()).isZero();
		});
	}

	/** The JDK's client for Java 25 reads the body again by itself, and never ends. */
	@Test
	@EnabledForJreRange(max = JRE.JAVA_17)
	void refusedPostIsNotSentAgainIfBodyCannotBeReadAgain() throws Exception {
		ScriptedHttp2Server server = server(
				(connection, stream) -> connection.reset(stream, ScriptedHttp2Server.REFUSED_STREAM));
		run(server.uri(), (context) -> {
			AtomicInteger read = new AtomicInteger();
			StreamingHttpOutputMessage.Body once = (output) -> {
				read.incrementAndGet();
				output.write('x');
			};
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> client(context).post().uri(server.uri()).body(once).retrieve().toBodilessEntity());
			assertThat(read).hasValue(1);
			assertThat(snapshot(context).totals().calls().unsent()).isZero();
			assertThat(snapshot(context).totals().calls().failed()).isOne();
		});
	}

	@Test
	void redirectedPostIsNotSentAgainWhenServerRefusesRedirect() throws Exception {
		ScriptedHttp2Server full = server(
				(connection, stream) -> connection.reset(stream, ScriptedHttp2Server.REFUSED_STREAM));
		ScriptedHttp2Server server = server((connection, stream) -> connection.seeOther(stream, full.uri()));
		run(server.uri(), (context) -> {
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> post(context, server.uri()));
			assertThat(server.requests()).containsExactly("1/1");
			assertThat(full.requests()).isNotEmpty();
		});
	}

	@Test
	void refusedGetIsSentAtMostTenTimes() throws Exception {
		ScriptedHttp2Server server = server((connection, stream) -> {
			if (stream == 1) {
				connection.ok(stream);
			}
			else {
				connection.reset(stream, ScriptedHttp2Server.REFUSED_STREAM);
			}
		});
		run(server.uri(), (context) -> {
			get(context, server.uri());
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(context, server.uri()));
			PoolSnapshot snapshot = snapshot(context);
			assertThat(snapshot.totals().calls().unsent()).isEqualTo(9);
			assertThat(snapshot.totals().calls().failed()).isOne();
			assertThat(snapshot.load().inFlight()).isZero();
		});
	}

	@Test
	void getIsSentAgainOnceAfterConnectionClose() throws Exception {
		ScriptedHttp2Server server = server((connection, stream) -> {
			if (connection.number() == 2) {
				connection.ok(stream);
			}
			else {
				connection.close();
			}
		});
		run(server.uri(), (context) -> {
			get(context, server.uri());
			assertThat(server.requests()).containsExactly("1/1", "2/1");
			assertThat(snapshot(context).totals().calls().succeeded()).isOne();
			assertThat(snapshot(context).totals().calls().unknown()).isOne();
			assertThat(snapshot(context).totals().calls().failed()).isZero();
		});
	}

	@Test
	void getFailsWhenThirdConnectionIsClosedToo() throws Exception {
		ScriptedHttp2Server server = server((connection, stream) -> connection.close());
		run(server.uri(), (context) -> {
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(context, server.uri()));
			assertThat(server.requests()).containsExactly("1/1", "2/1", "3/1");
			assertThat(snapshot(context).totals().calls().failed()).isOne();
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	@Test
	void postIsNotSentAgainAfterStreamReset() throws Exception {
		ScriptedHttp2Server server = server((connection, stream) -> {
			if (stream == 1) {
				connection.ok(stream);
			}
			else {
				connection.reset(stream, ScriptedHttp2Server.INTERNAL_ERROR);
			}
		});
		failsOnceAfterSuccess(server);
	}

	@Test
	void postIsNotSentAgainAfterConnectionClose() throws Exception {
		ScriptedHttp2Server server = server((connection, stream) -> {
			if (stream == 1) {
				connection.ok(stream);
			}
			else {
				connection.close();
			}
		});
		failsOnceAfterSuccess(server);
	}

	@Test
	void postOpensNewConnectionWhenIdleOneWasClosed() throws Exception {
		BlockingQueue<ScriptedHttp2Server.Connection> connections = new LinkedBlockingQueue<>();
		ScriptedHttp2Server server = server((connection, stream) -> {
			connections.add(connection);
			connection.ok(stream);
		});
		run(server.uri(), (context) -> {
			for (int i = 1; i <= 3; i++) {
				post(context, server.uri());
				connections.take().finish();
				int ended = i;
				await().until(() -> server.ended() == ended);
			}
			assertThat(server.requests()).containsExactly("1/1", "2/1", "3/1");
			assertThat(snapshot(context).totals().calls().succeeded()).isEqualTo(3);
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_25)
	void jdkResendsPostThatClosingServerDidNotProcess() throws Exception {
		ScriptedHttp2Server server = server((connection, stream) -> {
			if (stream == 1) {
				connection.ok(stream);
			}
			else {
				connection.goAway(1);
			}
		});
		run(server.uri(), (context) -> {
			post(context, server.uri());
			post(context, server.uri());
			assertThat(server.requests()).containsExactly("1/1", "1/3", "2/1");
			assertThat(snapshot(context).totals().calls().succeeded()).isEqualTo(2);
		});
	}

	@Test
	void getIsSentAgainUntilNoConnectionShutsDown() throws Exception {
		ScriptedHttp2Server server = server((connection, stream) -> {
			if (connection.number() <= 3) {
				connection.goAway(0);
			}
			else {
				connection.ok(stream);
			}
		});
		run(server.uri(), (context) -> {
			get(context, server.uri());
			assertThat(snapshot(context).totals().calls().succeeded()).isOne();
			assertThat(snapshot(context).totals().calls().failed()).isZero();
		});
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "an order", "" })
	void redirectedPostIsNotSentAgainWhenRedirectIsRefused(@Nullable String body) throws Exception {
		ScriptedHttp2Server full = server((connection, stream) -> {
			connection.allow(0);
			connection.ok(stream);
		});
		ScriptedHttp2Server server = server((connection, stream) -> connection.seeOther(stream, full.uri()));
		run(server.uri(), (context) -> {
			post(context, server.uri());
			assertThat(full.requests()).hasSize(1);
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> post(context, server.uri(), body))
				.havingRootCause()
				.withMessage("too many concurrent streams");
			assertThat(server.requests()).as("each request once").containsExactly("1/1", "1/3");
			assertThat(snapshot(context).totals().calls().failed()).isOne();
		});
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "an order", "" })
	void postRedirectedToUnreachableServerIsNotSentAgain(@Nullable String body) throws Exception {
		URI down = Server.unreachable();
		ScriptedHttp2Server server = server((connection, stream) -> connection.seeOther(stream, down));
		ScriptedHttp2Server other = server((connection, stream) -> connection.seeOther(stream, down));
		run(List.of(server.uri(), other.uri()), (context) -> {
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> post(context, URI.create("http://orders"), body));
			assertThat(server.requests().size() + other.requests().size()).isOne();
		});
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "an order", "" })
	void requestUsesOtherTargetWhenTargetIsDown(@Nullable String body) throws Exception {
		Server up = closeLater(Server.responding("ok"));
		run(List.of(Server.unreachable(), up.uri(), Server.unreachable()), (context) -> {
			for (int i = 0; i < 50; i++) {
				post(context, URI.create("http://orders"), body);
			}
			assertThat(up.requests()).hasSize(50);
			assertThat(snapshot(context).totals().calls().succeeded()).isEqualTo(50);
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	@Test
	void requestIsAttemptedOncePerTargetWhenAllAreDown() throws Exception {
		run(List.of(Server.unreachable(), Server.unreachable()), (context) -> {
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> post(context, URI.create("http://orders")))
				.withRootCauseInstanceOf(IOException.class);
			PoolSnapshot snapshot = snapshot(context);
			assertThat(snapshot.totals().calls().unsent()).isOne();
			assertThat(snapshot.totals().calls().failed()).isOne();
			assertThat(snapshot.load().inFlight()).isZero();
		});
	}

	@Test
	void requestFailsImmediatelyWhenOnlyTargetIsDown() throws Exception {
		URI target = Server.unreachable();
		run(target, (context) -> {
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> post(context, target))
				.withRootCauseInstanceOf(IOException.class);
			assertThat(snapshot(context).totals().calls().failed()).isOne();
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	private void failsOnceAfterSuccess(ScriptedHttp2Server server) {
		run(server.uri(), (context) -> {
			post(context, server.uri());
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> post(context, server.uri()));
			assertThat(server.requests()).as("each request once").containsExactly("1/1", "1/3");
			PoolSnapshot snapshot = snapshot(context);
			assertThat(snapshot.totals().calls().succeeded()).isOne();
			assertThat(snapshot.totals().calls().failed()).isOne();
			assertThat(snapshot.load().inFlight()).isZero();
		});
	}

	private ScriptedHttp2Server refusingSecondToFourth() {
		return server((connection, stream) -> {
			// The JDK's client for Java 25 sends a refused request again by itself.
			if (stream == 1 || stream >= 9) {
				connection.ok(stream);
			}
			else {
				connection.reset(stream, ScriptedHttp2Server.REFUSED_STREAM);
			}
		});
	}

	private ScriptedHttp2Server server(Script script) {
		return closeLater(new ScriptedHttp2Server(script));
	}

	private <T extends AutoCloseable> T closeLater(T closeable) {
		this.closeables.add(closeable);
		return closeable;
	}

	private interface Scenario {

		void with(ApplicationContext context) throws Exception;

	}

	private void run(URI target, Scenario scenario) {
		this.runner.withPropertyValues("pool.instances.orders.targets=" + target, Applications.HTTP_2)
			.run(scenario::with);
	}

	private void run(List<URI> targets, Scenario scenario) {
		this.runner
			.withPropertyValues("pool.instances.orders.url=http://orders", Applications.HTTP_2,
					"pool.instances.orders.targets=" + String.join(",", targets.stream().map(URI::toString).toList()))
			.run((context) -> {
				await().until(() -> snapshot(context).size().ready() == targets.size());
				scenario.with(context);
			});
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	private static void get(ApplicationContext context, URI uri) {
		client(context).get().uri(uri).retrieve().toBodilessEntity();
	}

	private static void post(ApplicationContext context, URI uri) {
		post(context, uri, "an order");
	}

	private static void post(ApplicationContext context, URI uri, @Nullable String body) {
		RestClient.RequestBodySpec request = client(context).post().uri(uri);
		if (body != null) {
			request.body(body);
		}
		request.retrieve().toBodilessEntity();
	}

	private static RestClient client(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class).build();
	}

}
