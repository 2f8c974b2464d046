package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.servicepool.spring.http.client.HttpVersion;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.ScriptedHttp2Server.Script;
import dev.servicepool.fixtures.ScriptedHttp2Server;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.RestClientPools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests that each request ends its lease exactly once and with the right outcome, with
 * the JDK's client, a real server, and both versions of HTTP.
 */
@Timeout(180)
class LeaseEndTests {

	/** Number of bytes that exceeds the windows and buffers between server and caller. */
	private static final int LONG = 50_000_000;

	@AutoClose
	private static final Server server = Server.http2(100).start();

	private final List<AutoCloseable> closeables = new ArrayList<>();

	private final ApplicationContextRunner runner = Applications.plain();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.closeables) {
			closeable.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void streamKeepsLeaseActiveUntilItsEnd(HttpVersion version) {
		run(version, (context) -> {
			InputStream stream = stream(context, "/?size=1000");
			assertThat(stream.readNBytes(1000)).hasSize(1000);
			assertThat(snapshot(context).load().inFlight()).as("end not read").isOne();
			assertThat(stream.read()).isEqualTo(-1);
			assertEnded(context, 1, 0);
			stream.close();
			assertEnded(context, 1, 0);
		});
	}

	@ParameterizedTest
	@EnumSource
	void streamClosedBeforeItsEndCountsAsSucceeded(HttpVersion version) {
		run(version, (context) -> {
			try (InputStream stream = stream(context, "/?size=" + LONG)) {
				assertThat(stream.readNBytes(10)).hasSize(10);
			}
			assertEnded(context, 1, 0);
			assertThat(client(context).get().uri("/?size=7").retrieve().body(byte[].class))
				.as("the service remains usable")
				.hasSize(7);
			// The client of Java 17 may lose its connection with the stream, so that the
			// pool sends the request again.
			PoolSnapshot.Calls calls = snapshot(context).totals().calls();
			assertThat(calls.succeeded()).isEqualTo(2);
			assertThat(calls.failed()).isZero();
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	@ParameterizedTest
	@EnumSource
	void clientErrorSucceedsAndServerErrorFails(HttpVersion version) {
		run(version, (context) -> {
			int succeeded = 0;
			int failed = 0;
			int ignored = 0;
			for (int status : new int[] { 400, 404, 429, 500, 501, 503 }) {
				assertThatExceptionOfType(RestClientResponseException.class).isThrownBy(
						() -> client(context).get().uri("/?size=100&status=" + status).retrieve().body(byte[].class))
					.satisfies((ex) -> assertThat(ex.getStatusCode().value()).isEqualTo(status));
				succeeded += (status < 500) ? 1 : 0;
				failed += (status == 500 || status == 503) ? 1 : 0;
				ignored += (status == 501) ? 1 : 0;
				assertEnded(context, succeeded, failed, ignored);
			}
		});
	}

	@Test
	void ignoredBodiesCancelNoStream() {
		ScriptedHttp2Server scripted = scripted((connection, stream) -> connection.ok(stream, new byte[10_000]));
		this.runner.withPropertyValues("pool.instances.orders.targets=" + scripted.uri(), Applications.HTTP_2)
			.run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class).baseUrl(scripted.uri()).build();
				for (int i = 0; i < 1_000; i++) {
					client.get().uri("/").retrieve().toBodilessEntity();
				}
				assertEnded(context, 1_000, 0);
				assertThat(scripted.requests()).hasSize(1_000).allMatch((request) -> request.startsWith("1/"));
				assertThat(scripted.canceled()).isZero();
			});
	}

	@ParameterizedTest
	@EnumSource
	void emptyResponseCountsAsSucceeded(HttpVersion version) {
		run(version, (context) -> {
			client(context).post().uri("/?status=204").body("x").retrieve().toBodilessEntity();
			assertEnded(context, 1, 0);
			client(context).head().uri("/?size=10").retrieve().toBodilessEntity();
			assertEnded(context, 2, 0);
		});
	}

	@ParameterizedTest
	@EnumSource
	void unreadBodyCountsAsSucceeded(HttpVersion version) {
		run(version, (context) -> {
			client(context).get().uri("/?size=100000").retrieve().toBodilessEntity();
			assertEnded(context, 1, 0);
			client(context).get().uri("/?size=100000").exchange((request, response) -> response.getStatusCode());
			assertEnded(context, 2, 0);
		});
	}

	@ParameterizedTest
	@EnumSource
	void exchangeThatKeepsResponseKeepsLeaseActive(HttpVersion version) {
		run(version, (context) -> {
			ClientHttpResponse response = exchange(context, "/?size=1000");
			assertThat(snapshot(context).load().inFlight()).isOne();
			response.close();
			assertEnded(context, 1, 0);
		});
	}

	@ParameterizedTest
	@EnumSource
	void closingEndlessResponseFreesThreadAndPermit(HttpVersion version) {
		run(version, (context) -> {
			// Tomcat ends an HTTP/2 connection with more canceled streams.
			for (int i = 0; i < 2; i++) {
				int first = client(context).get()
					.uri("/?stall=body&size=20")
					.exchangeForRequiredValue((request, response) -> response.getBody().read());
				assertThat(first).isZero();
				assertThat(snapshot(context).load().inFlight()).isZero();
			}
			assertEnded(context, 2, 0);
			assertThat(client(context).get().uri("/?size=7").retrieve().body(byte[].class)).hasSize(7);
		}, "pool.max-services=1");
	}

	@ParameterizedTest
	@EnumSource
	void interceptorThatThrowsFreesThreadAndPermit(HttpVersion version) {
		run(version, (context) -> {
			RestClient client = context.getBean(RestClient.Builder.class)
				.baseUrl(server.uri().toString())
				.apply(context.getBean(RestClientPools.class).fromPool("orders"))
				.requestInterceptor((request, body, execution) -> {
					execution.execute(request, body);
					throw new IOException("signature does not match");
				})
				.build();
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> client.get().uri("/?stall=body&size=20").retrieve().toBodilessEntity());
			assertThat(snapshot(context).load().inFlight()).isZero();
		}, "pool.max-services=1");
	}

	@ParameterizedTest
	@EnumSource
	void shortUnreadBodiesKeepConnection(HttpVersion version) {
		run(version, (context) -> {
			int before = server.log().connections();
			for (int i = 0; i < 200; i++) {
				client(context).get().uri("/?size=10000").retrieve().toBodilessEntity();
			}
			assertThat(server.log().connections()).isLessThanOrEqualTo(before + 1);
			assertEnded(context, 200, 0);
		}, "pool.max-services=1");
	}

	@ParameterizedTest
	@EnumSource
	void responseWithoutAnnouncedBodyKeepsConnection(HttpVersion version) {
		run(version, (context) -> {
			int before = server.log().connections();
			for (int i = 0; i < 20; i++) {
				client(context).head().uri("/?size=5000000").retrieve().toBodilessEntity();
			}
			assertThat(server.log().connections()).isLessThanOrEqualTo(before + 1);
			assertEnded(context, 20, 0);
		}, "pool.max-services=1");
	}

	@ParameterizedTest
	@EnumSource
	void closingBodyAndResponseEndsLeaseOnce(HttpVersion version) {
		run(version, (context) -> {
			ClientHttpResponse response = exchange(context, "/?size=1000");
			assertThat(response.getBody().readAllBytes()).hasSize(1000);
			response.getBody().close();
			assertEnded(context, 1, 0);
			response.close();
			response.getBody().close();
			assertEnded(context, 1, 0);
		});
	}

	@ParameterizedTest
	@EnumSource
	void exchangeWhoseFunctionThrowsCountsAsSucceeded(HttpVersion version) {
		run(version, (context) -> {
			assertThatIllegalStateException()
				.isThrownBy(() -> client(context).get().uri("/?size=1000").exchange((request, response) -> {
					throw new IllegalStateException("unexpected response");
				}));
			assertEnded(context, 1, 0);
		});
	}

	@ParameterizedTest
	@EnumSource
	void lateResponseCountsAsFailed(HttpVersion version) {
		run(version, (context) -> {
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> client(context).get().uri("/?stall=head").retrieve().body(String.class));
			assertEnded(context, 0, 1);
		}, "pool.instances.orders.client.read-timeout=200ms");
	}

	@ParameterizedTest
	@EnumSource
	void lateBodyCountsAsFailed(HttpVersion version) {
		run(version, (context) -> {
			assertThatExceptionOfType(RestClientException.class)
				.isThrownBy(() -> client(context).get().uri("/?stall=body").retrieve().body(String.class));
			assertEnded(context, 0, 1);
		}, "pool.instances.orders.client.read-timeout=200ms");
	}

	@Test
	void requestOfInterruptedCallerCountsAsUnknown() {
		run(HttpVersion.HTTP_2, (context) -> {
			Thread caller = new Thread(() -> {
				try {
					client(context).get().uri("/?stall=head").retrieve().body(String.class);
				}
				catch (RestClientException ex) {
					// The type of the exception is irrelevant.
				}
			});
			caller.start();
			await().until(() -> snapshot(context).load().inFlight() == 1);
			caller.interrupt();
			caller.join();
			assertThat(snapshot(context).load().inFlight()).isZero();
			assertThat(snapshot(context).totals().calls().unknown()).isOne();
			assertThat(snapshot(context).totals().calls().failed()).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void brokenBodyCountsAsFailed(boolean byReset) throws Exception {
		CountDownLatch read = new CountDownLatch(1);
		ScriptedHttp2Server scripted = scripted((connection, stream) -> {
			connection.begin(stream, "begun");
			awaitQuietly(read);
			if (byReset) {
				connection.reset(stream, ScriptedHttp2Server.INTERNAL_ERROR);
			}
			else {
				connection.close();
			}
		});
		this.runner.withPropertyValues("pool.instances.orders.targets=" + scripted.uri(), Applications.HTTP_2)
			.run((context) -> {
				InputStream stream = context.getBean(RestClient.Builder.class)
					.build()
					.get()
					.uri(scripted.uri())
					.retrieve()
					.requiredBody(InputStream.class);
				assertThat(stream.readNBytes(5)).asString().isEqualTo("begun");
				assertThat(snapshot(context).load().inFlight()).isOne();
				read.countDown();
				assertThatExceptionOfType(IOException.class).isThrownBy(stream::readAllBytes);
				assertEnded(context, 0, 1);
				stream.close();
				assertEnded(context, 0, 1);
			});
	}

	private void run(HttpVersion version, Scenario scenario, String... properties) {
		this.runner
			.withPropertyValues("pool.instances.orders.targets=" + server.uri(),
					"pool.instances.orders.client.http-version=" + version)
			.withPropertyValues(properties)
			.run(scenario::with);
	}

	private ScriptedHttp2Server scripted(Script script) {
		ScriptedHttp2Server scripted = new ScriptedHttp2Server(script);
		this.closeables.add(scripted);
		return scripted;
	}

	private static RestClient client(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class).baseUrl(server.uri().toString()).build();
	}

	private static InputStream stream(ApplicationContext context, String uri) {
		return client(context).get().uri(uri).retrieve().requiredBody(InputStream.class);
	}

	private static ClientHttpResponse exchange(ApplicationContext context, String uri) {
		return client(context).get().uri(uri).exchange((request, response) -> response, false);
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	private static void assertEnded(ApplicationContext context, int succeeded, int failed) {
		assertEnded(context, succeeded, failed, 0);
	}

	private static void assertEnded(ApplicationContext context, int succeeded, int failed, int ignored) {
		PoolSnapshot snapshot = snapshot(context);
		assertThat(snapshot.load().inFlight()).isZero();
		assertThat(snapshot.totals().calls()).isEqualTo(new PoolSnapshot.Calls(succeeded, failed, ignored, 0, 0, 0, 0));
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private interface Scenario {

		void with(ApplicationContext context) throws Exception;

	}

}
