package dev.servicepool.spring.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Http2Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * More calls at once than a real server allows on an HTTP/2 connection, by code that
 * knows of no pool.
 */
@Timeout(60)
class StreamLimitTests {

	@TempDir
	private Path folder;

	private Http2Server server;

	private final ApplicationContextRunner runner = Applications.plain();

	@AfterEach
	void stopServer() throws Exception {
		this.server.close();
	}

	@Test
	void aPlainClientFailsAtOnceBeyondTheLimit() throws Exception {
		start(10);
		this.runner
			.run((context) -> assertThat(burst(context, 50, 1000)).as("the premise of what follows").isLessThan(50));
	}

	@Test
	void aPlainClientFailsAtOnceBeyondTomcatsLimitAsWell() throws Exception {
		start(100);
		this.runner
			.run((context) -> assertThat(burst(context, 500, 1000)).as("the premise of what follows").isLessThan(500));
	}

	@Test
	void aPoolBringsThemAllThroughAboveTheLimitOfItsServices() throws Exception {
		start(100);
		this.runner.withPropertyValues(target()).run((context) -> {
			assertThat(burst(context, 500, 500)).isEqualTo(500);
			assertThat(snapshot(context).size().live()).isGreaterThan(1);
			assertThat(snapshot(context).calls().failed()).isZero();
		});
	}

	@ParameterizedTest
	@CsvSource({ "10, 50", "100, 500" })
	void theyNeedNotFindAConnection(int streams, int calls) throws Exception {
		start(streams);
		this.runner.withPropertyValues(target()).run((context) -> {
			String uri = uri() + "/?hold=1000";
			RestClient client = context.getBean(RestClient.Builder.class).build();
			assertThat(succeeded(calls, () -> client.get().uri(uri).retrieve().body(String.class))).isEqualTo(calls);
			assertThat(snapshot(context).calls().failed()).isZero();
			assertThat(this.server.connections()).isEqualTo(snapshot(context).size().live());
		});
	}

	/**
	 * A server that is slow to answer first leaves it open for long which protocol it
	 * speaks.
	 */
	@Test
	void norMustTheyHaveABodyToBeSentAgain() throws Exception {
		start(10);
		this.runner.withPropertyValues(target()).run((context) -> {
			String uri = uri() + "/?hold=600";
			RestClient client = context.getBean(RestClient.Builder.class).build();
			assertThat(succeeded(50, () -> client.post().uri(uri).retrieve().body(String.class))).isEqualTo(50);
			assertThat(snapshot(context).calls().failed()).isZero();
			assertThat(snapshot(context).calls().unsent()).as("refused for the stream limit").isPositive();
			assertThat(this.server.requests()).as("each one once").isEqualTo(50);
		});
	}

	@Test
	void callersThatComeAgainAndAgainFailWithAPlainClient() throws Exception {
		start(10);
		this.runner
			.run((context) -> assertThat(again(context, uri())).as("the premise of what follows").isLessThan(2000));
	}

	@Test
	void callersThatComeAgainAndAgainAreAllServedByAPool() throws Exception {
		start(10);
		this.runner.withPropertyValues(target()).run((context) -> assertThat(again(context, uri())).isEqualTo(2000));
	}

	@Test
	void soTheyAreOverTls() throws Exception {
		start(10);
		this.runner.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
			.withPropertyValues(this.server.keyStore().trustedBy("trusting"))
			.withPropertyValues("pool.instances.orders.targets=" + this.server.secureUri(),
					"pool.instances.orders.client.ssl.bundle=trusting")
			.run((context) -> {
				assertThat(again(context, this.server.secureUri().toString())).isEqualTo(2000);
				assertThat(snapshot(context).services())
					.allSatisfy((member) -> assertThat(member.details()).containsEntry("protocol", "HTTP/2"));
			});
	}

	@Test
	void aPoolLearnsALimitBelowThatOfItsServices() throws Exception {
		start(10);
		this.runner.withPropertyValues(target()).run((context) -> {
			assertThat(burst(context, 50, 500)).isEqualTo(50);
			PoolSnapshot snapshot = snapshot(context);
			assertThat(snapshot.calls().failed()).isZero();
			assertThat(snapshot.calls().succeeded()).isEqualTo(51);
			assertThat(snapshot.calls().unsent()).as("refused for the stream limit").isPositive();
			assertThat(snapshot.services()).anyMatch((member) -> member.limit().orElseThrow() <= 10);
		});
	}

	@Test
	void withOneServiceCallersQueueForWhatItsConnectionTakes() throws Exception {
		start(10);
		this.runner.withPropertyValues(target(), "pool.max-services=1", "pool.max-concurrency=100").run((context) -> {
			assertThat(burst(context, 50, 500)).isEqualTo(50);
			assertThat(snapshot(context).services()).singleElement()
				.satisfies((member) -> assertThat(member.limit()).isEqualTo(10));
		});
	}

	@Test
	void aBodyIsSentOnceThoughItsRequestWasRefused() throws Exception {
		start(10);
		this.runner.withPropertyValues(target(), "pool.max-services=1", "pool.max-concurrency=100").run((context) -> {
			RestClient client = client(context);
			assertThat(succeeded(50,
					() -> client.post().uri(uri() + "/?hold=100").body("x".repeat(1000)).retrieve().body(String.class)))
				.isEqualTo(50);
			assertThat(this.server.requests()).as("one to warm up, and each one once").isEqualTo(51);
			assertThat(this.server.bytes()).isEqualTo(50_000);
		});
	}

	private void start(int streams) throws Exception {
		this.server = new Http2Server(Files.createDirectory(this.folder.resolve("server")), streams);
	}

	private String uri() {
		return this.server.clearUri().toString();
	}

	private String target() {
		return "pool.instances.orders.targets=" + uri();
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	/** Return a client that has a connection. */
	private RestClient client(ApplicationContext context) {
		RestClient client = context.getBean(RestClient.Builder.class).build();
		client.get().uri(uri()).retrieve().toBodilessEntity();
		return client;
	}

	/** Make calls at the same time that the server takes some milliseconds for. */
	private long burst(ApplicationContext context, int calls, int serviceMillis) throws Exception {
		RestClient client = client(context);
		String uri = uri() + "/?hold=" + serviceMillis;
		return succeeded(calls, () -> client.get().uri(uri).retrieve().body(String.class));
	}

	/** Have 50 callers make 40 calls of 50 ms each, one after the other. */
	private static long again(ApplicationContext context, String server) throws Exception {
		RestClient client = context.getBean(RestClient.Builder.class).build();
		ExecutorService callers = Executors.newFixedThreadPool(50);
		try {
			Callable<String> call = () -> client.get().uri(server + "/?hold=50").retrieve().body(String.class);
			return succeeded(callers, 2000, call);
		}
		finally {
			callers.shutdownNow();
		}
	}

	/** Make calls at the same time and count those that are answered. */
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
		for (Future<String> answer : callers.invokeAll(Collections.nCopies(calls, call))) {
			succeeded += hasSucceeded(answer) ? 1 : 0;
		}
		return succeeded;
	}

	private static boolean hasSucceeded(Future<String> answer) throws InterruptedException {
		try {
			return answer.get().startsWith("HTTP/");
		}
		catch (ExecutionException ex) {
			assertThat(ex).rootCause().hasMessage("too many concurrent streams");
			return false;
		}
	}

}
