package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with more concurrent calls than a real server allows on an HTTP/2 connection. The
 * callers are unaware of the pool.
 */
@Timeout(60)
class StreamLimitTests {

	private final Work work = new Work();

	@AutoClose
	private Server server;

	private final ApplicationContextRunner runner = Applications.plain();

	@Test
	void plainClientFailsBeyondStreamLimit() throws Exception {
		start(10);
		this.runner.run((context) -> assertThat(burst(context, 50, 500)).as("precondition").isLessThan(50));
	}

	@Test
	void plainClientFailsBeyondDefaultLimitOfTomcat() throws Exception {
		start(100);
		this.runner.run((context) -> assertThat(burst(context, 500, 1000)).as("precondition").isLessThan(500));
	}

	@Test
	@Tag("slow")
	void allCallsSucceedWhenStreamLimitExceedsServiceLimit() throws Exception {
		start(100);
		this.runner.withPropertyValues(target(), Applications.HTTP_2).run((context) -> {
			assertThat(burst(context, 500, 500)).isEqualTo(500);
			assertThat(snapshot(context).size().live()).isGreaterThan(1);
			assertThat(snapshot(context).totals().calls().failed()).isZero();
		});
	}

	@ParameterizedTest
	@CsvSource({ "10, 50", "100, 500" })
	@Tag("slow")
	void allCallsSucceedWithoutOpenConnection(int streams, int calls) throws Exception {
		start(streams);
		this.runner.withPropertyValues(target(), Applications.HTTP_2).run((context) -> {
			String uri = uri() + "/?millis=500";
			RestClient client = context.getBean(RestClient.Builder.class).build();
			assertThat(succeeded(calls, () -> client.get().uri(uri).retrieve().body(String.class))).isEqualTo(calls);
			assertThat(snapshot(context).totals().calls().failed()).isZero();
			assertThat(this.server.connections()).isEqualTo(snapshot(context).size().live());
		});
	}

	/**
	 * The server responds slowly to the first requests, so that the client learns the
	 * protocol late.
	 */
	@Test
	void refusedPostWithoutBodyIsSentAgain() throws Exception {
		start(10);
		this.runner.withPropertyValues(target(), Applications.HTTP_2).run((context) -> {
			String uri = uri() + "/?millis=600";
			RestClient client = context.getBean(RestClient.Builder.class).build();
			assertThat(succeeded(50, () -> client.post().uri(uri).retrieve().body(String.class))).isEqualTo(50);
			assertThat(snapshot(context).totals().calls().failed()).isZero();
			assertThat(snapshot(context).totals().calls().unsent()).as("refused because of the stream limit")
				.isPositive();
			assertThat(this.server.count()).as("each request once").isEqualTo(50);
		});
	}

	@Test
	void repeatedCallersFailWithPlainClient() throws Exception {
		start(10);
		this.runner.run((context) -> assertThat(repeatedCalls(context, uri())).as("precondition").isLessThan(2000));
	}

	@Test
	void repeatedCallersSucceedWithPool() throws Exception {
		start(10);
		this.runner.withPropertyValues(target(), Applications.HTTP_2)
			.run((context) -> assertThat(repeatedCalls(context, uri())).isEqualTo(2000));
	}

	@Test
	void repeatedCallersSucceedWithPoolOverTls() throws Exception {
		start(10);
		this.runner.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
			.withPropertyValues(TestKeyStore.loopback().trustedBy("trusting"))
			.withPropertyValues("pool.instances.orders.targets=" + this.server.secureUri(),
					"pool.instances.orders.client.ssl.bundle=trusting")
			.run((context) -> {
				assertThat(repeatedCalls(context, this.server.secureUri().toString())).isEqualTo(2000);
				assertThat(snapshot(context).services())
					.allSatisfy((service) -> assertThat(service.details()).containsEntry("protocol", "HTTP/2"));
			});
	}

	@Test
	void poolLearnsStreamLimitBelowServiceLimit() throws Exception {
		start(10);
		this.runner.withPropertyValues(target(), Applications.HTTP_2).run((context) -> {
			assertThat(burst(context, 50, 500)).isEqualTo(50);
			PoolSnapshot snapshot = snapshot(context);
			assertThat(snapshot.totals().calls().failed()).isZero();
			assertThat(snapshot.totals().calls().succeeded()).isEqualTo(51);
			assertThat(snapshot.totals().calls().unsent()).as("refused because of the stream limit").isPositive();
			assertThat(snapshot.services()).anyMatch((service) -> service.load().limit().orElseThrow() <= 10);
		});
	}

	@Test
	void callersWaitWhenOnlyServiceReachesStreamLimit() throws Exception {
		start(10);
		this.runner.withPropertyValues(target(), Applications.HTTP_2, "pool.max-services=1", "pool.max-concurrency=100")
			.run((context) -> {
				assertThat(burst(context, 50, 200)).isEqualTo(50);
				assertThat(snapshot(context).services()).singleElement()
					.satisfies((service) -> assertThat(service.load().limit()).hasValue(10));
			});
	}

	@Test
	void bodyIsSentOnceWhenRequestIsRefused() throws Exception {
		start(10);
		this.runner.withPropertyValues(target(), Applications.HTTP_2, "pool.max-services=1", "pool.max-concurrency=100")
			.run((context) -> {
				RestClient client = client(context);
				assertThat(succeeded(50,
						() -> client.post()
							.uri(uri() + "/?millis=100")
							.body("x".repeat(1000))
							.retrieve()
							.body(String.class)))
					.isEqualTo(50);
				assertThat(this.server.count()).as("one warm-up request, and each request once").isEqualTo(51);
				assertThat(this.work.received()).isEqualTo(50_000);
			});
	}

	private void start(int streams) {
		this.server = Server.http2(streams).tls(TestKeyStore.loopback()).start(this.work);
	}

	private String uri() {
		return this.server.uri().toString();
	}

	private String target() {
		return "pool.instances.orders.targets=" + uri();
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	/** Return a client with an open connection. */
	private RestClient client(ApplicationContext context) {
		RestClient client = context.getBean(RestClient.Builder.class).build();
		client.get().uri(uri()).retrieve().toBodilessEntity();
		return client;
	}

	/** Send concurrent calls that take the server the given number of milliseconds. */
	private long burst(ApplicationContext context, int calls, int serviceMillis) throws Exception {
		RestClient client = client(context);
		String uri = uri() + "/?millis=" + serviceMillis;
		return succeeded(calls, () -> client.get().uri(uri).retrieve().body(String.class));
	}

	/** Let 50 callers send 40 sequential calls of 25 ms each. */
	private static long repeatedCalls(ApplicationContext context, String server) throws Exception {
		RestClient client = context.getBean(RestClient.Builder.class).build();
		ExecutorService callers = Executors.newFixedThreadPool(50);
		try {
			Callable<String> call = () -> client.get().uri(server + "/?millis=25").retrieve().body(String.class);
			return succeeded(callers, 2000, call);
		}
		finally {
			callers.shutdownNow();
		}
	}

	/** Send concurrent calls and return the number of successful responses. */
	private static long succeeded(int calls, Callable<String> call) throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(calls);
		try {
			return succeeded(callers, calls, call);
		}
		finally {
			callers.shutdownNow();
		}
	}

	private static long succeeded(ExecutorService callers, int calls, Callable<String> call) throws Exception {
		long succeeded = 0;
		for (Future<String> response : callers.invokeAll(Collections.nCopies(calls, call))) {
			succeeded += hasSucceeded(response) ? 1 : 0;
		}
		return succeeded;
	}

	private static boolean hasSucceeded(Future<String> response) throws InterruptedException {
		try {
			return response.get().startsWith("HTTP/");
		}
		catch (ExecutionException ex) {
			// The server may also close the connection of a client that exceeds the
			// limit.
			assertThat(ex).rootCause().isInstanceOf(IOException.class);
			return false;
		}
	}

}
