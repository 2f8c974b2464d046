package dev.servicepool.compatibility.matrix;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.servicepool.fixtures.Echo;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * Tests for servers that reject some requests, and process all others.
 */
@Tag("measured")
@Timeout(300)
@ParameterizedClass(name = "{0}")
@MethodSource("pairs")
class RejectingServersTests {

	private static final URI POOL = URI.create("https://orders.test");

	private static final int CALLERS = 20;

	/** Statuses of all responses, except those of rejected uploads. */
	private static final Integer[] ALL = { 200, 401, 404, 500 };

	@Parameter
	private Pair pair;

	private final List<Server> servers = new ArrayList<>();

	static Stream<Pair> pairs() {
		return ServerMatrix.pairs(TestServer.TOMCAT, ClientLibrary.JDK, ClientLibrary.JETTY);
	}

	@AfterEach
	void stop() {
		this.servers.forEach(Server::close);
	}

	/** Once per second, each client receives a response that asks for a pause. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void pauseForOnePathSlowsNoOtherCalls(int targets) throws Exception {
		Echo echo = new Echo();
		start(targets, (request, response) -> {
			if (request.getRequestURI().equals("/reports")) {
				response.setStatus(503);
				response.setHeader("Retry-After", "3600");
			}
			else {
				echo.handle(request, response);
			}
		});
		Comparison comparison = new Comparison(Workload.FEW_CALLERS, this.pair, new ArrayList<>(), new ArrayList<>());
		run(List.of(), (clients) -> {
			List<Calls> reports = List.of(new Calls(clients.plain()), new Calls(clients.pooled()));
			ScheduledExecutorService threads = Executors.newScheduledThreadPool(reports.size());
			try {
				reports.forEach((calls) -> threads.scheduleAtFixedRate(() -> calls.get("/reports", 503), 0, 1,
						TimeUnit.SECONDS));
				for (int round = 0; round < Comparison.WARM_UP + Comparison.ROUNDS; round++) {
					comparison.measure(round, clients, uris().get(0), uris().get(0));
				}
			}
			finally {
				threads.shutdown();
				threads.awaitTermination(10, TimeUnit.SECONDS);
			}
			assertThat(reports).allMatch((calls) -> calls.count() > 1 && calls.failed() == 0);
		});
		print("one path asks for pauses, targets: " + targets,
				"throughput %.2f and p99 %.2f of those of the plain client", comparison.ratio(Round::throughput),
				comparison.ratio(Round::p99));
		assertThat(Comparison.failed(comparison.pooled())).isZero();
		assertThat(comparison.isBelow(Round::throughput, 0.95)).as("throughput is too low").isFalse();
		assertThat(comparison.exceeds(Round::p99, 1.2)).as("p99 is too high").isFalse();
	}

	/** One of three servers responds immediately, and the others after 50 ms. */
	@ParameterizedTest
	@CsvSource({ "peak-ewma, 500, 40", "pending-requests, 500, 40", "constant, 500, 40", "peak-ewma, 401, 5",
			"pending-requests, 401, 5", "constant, 401, 5" })
	void fastErrorsAttractNoCalls(String metric, int failureStatus, double limit) throws Exception {
		start(1, (request, response) -> {
			// Without this header, Jetty's client fails instead of returning the
			// response.
			response.setHeader("WWW-Authenticate", "Bearer");
			response.setStatus(401);
		});
		start(2, RejectingServersTests::work);
		run(List.of("pool.load-metric=" + metric, "pool.instances.orders.failure-statuses=" + failureStatus),
				(clients) -> call(clients, CALLERS, 2000, (call) -> "/orders"));
		double share = shares(this.servers.stream().mapToLong(Server::count).toArray()).get(0);
		print("one of three servers responds with 401, failure status " + failureStatus + ", " + metric,
				"it receives %.1f %% of the calls", share);
		assertThat(share).isLessThanOrEqualTo(limit);
	}

	/**
	 * One of three servers does not have the path of each second call. Rounds with and
	 * without these calls alternate, because a pause of this machine changes the latency
	 * of one server for the next rounds, whatever they call.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "peak-ewma", "pending-requests", "constant" })
	void missingPathChangesNoShare(String metric) throws Exception {
		start(1, (request, response) -> {
			if (request.getRequestURI().equals("/missing")) {
				response.setStatus(404);
			}
			else {
				work(request, response);
			}
		});
		start(2, RejectingServersTests::work);
		run(List.of("pool.load-metric=" + metric), (clients) -> {
			long[] without = new long[this.servers.size()];
			long[] with = new long[this.servers.size()];
			for (int round = 0; round < 3; round++) {
				call(clients, CALLERS, 1000, (call) -> "/orders");
				moveCounts(without);
				call(clients, CALLERS, 1000, (call) -> (call % 2 == 0) ? "/missing" : "/orders");
				moveCounts(with);
			}
			print("one of three servers does not have the path of each second call, " + metric,
					"shares %s, without such calls %s", rounded(shares(with)), rounded(shares(without)));
			for (int server = 0; server < this.servers.size(); server++) {
				assertThat(shares(with).get(server)).isCloseTo(shares(without).get(server), within(5.0));
			}
		});
	}

	/** 20 calls in a row fail, whichever server receives them, and then 180 succeed. */
	@ParameterizedTest
	@ValueSource(ints = { 1, CALLERS })
	void pathThatFailsEverywhereEjectsNoServer(int callers) throws Exception {
		start(4, (request, response) -> {
			work(request, response);
			response.setStatus(request.getRequestURI().equals("/export") ? 500 : 200);
		});
		run(List.of(), (clients) -> {
			call(clients, callers, 200 * callers, (call) -> (call % 200 < 20) ? "/export" : "/orders");
			long ejections = clients.pool().snapshot().totals().ejections();
			print("one path fails everywhere, callers: " + callers, "%d ejections", ejections);
			assertThat(ejections).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, CALLERS })
	void serverThatFailsEveryCallIsEjectedAfterTen(int callers) throws Exception {
		start(1, Handler.responding(500, ""));
		start(3, RejectingServersTests::work);
		run(List.of("pool.load-metric=constant"), (clients) -> {
			Calls calls = new Calls(clients.pooled());
			calls.repeat(callers, () -> calls.get("/orders", ALL),
					() -> clients.pool().snapshot().totals().ejections() > 0 || calls.count() >= 1000);
			long failed = this.servers.get(0).count();
			print("one of four servers fails, callers: " + callers, "it is ejected after %d calls", failed);
			assertThat(clients.pool().snapshot().totals().ejections()).isPositive();
			// The other calls in flight have been sent before the ejection.
			assertThat(failed).isLessThan(10 + callers);
		});
	}

	/**
	 * The server does not read the bodies, and closes the connections. A client loses the
	 * response if it fails to write the body first. Over HTTP/2, the other requests of
	 * the connection fail as well, many of them by the read timeout.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 401, 413 })
	void rejectedUploadsFailNoMoreOftenAndEjectNoServer(int status) throws Exception {
		start(2, (request, response) -> {
			if (request.getRequestURI().equals("/upload")) {
				response.setStatus(status);
			}
			else {
				work(request, response);
			}
		});
		byte[] body = new byte[5_000_000];
		run(List.of(), (clients) -> {
			Calls plain = new Calls(clients.plain());
			Calls pooled = new Calls(clients.pooled());
			int rounds = (this.pair.protocol() == Protocol.HTTP_1_1) ? 20 : 1;
			int worse = 0;
			for (int round = 0; round < rounds; round++) {
				int before = pooled.failed() - plain.failed();
				for (Calls calls : (round % 2 == 0) ? List.of(plain, pooled) : List.of(pooled, plain)) {
					calls.concurrently(5, () -> calls.times(5, () -> calls.post("/upload", body, status)));
				}
				worse += (pooled.failed() - plain.failed() > before) ? 1 : 0;
			}
			print("uploads are rejected with " + status, "failed: plain %s, pooled %s, more often in %d of %d rounds",
					plain, pooled, worse, rounds);
			assertThat(clients.pool().snapshot().totals().ejections()).isZero();
			// A sign test rejects at 5% that 15 of 20 rounds are worse by chance.
			assertThat(worse).as("pooled uploads lose their response more often").isLessThan(15);
			call(clients, CALLERS, 100, (call) -> "/orders");
		});
	}

	private static void work(HttpServletRequest request, HttpServletResponse response) throws IOException {
		try {
			TimeUnit.MILLISECONDS.sleep(50);
			Handler.respond(request, response, 200, "done");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void start(int count, Handler handler) {
		for (int i = 0; i < count; i++) {
			this.servers.add(Server.http2(100).tls(TestKeyStore.loopback()).start(handler));
		}
	}

	private List<URI> uris() {
		return this.servers.stream().map(Server::secureUri).toList();
	}

	/** Run an action as soon as each server has a service. */
	private void run(List<String> properties, TwoClients.Action action) {
		List<String> all = new ArrayList<>(properties);
		all.add("pool.instances.orders.targets=" + uris().stream().map(URI::toString).collect(Collectors.joining(",")));
		all.add("pool.instances.orders.url=" + POOL);
		all.add("pool.instances.orders.server-name=target");
		TwoClients.run(this.pair, uris().get(0), POOL, Duration.ofSeconds(20), all, (clients) -> {
			await().until(() -> clients.pool().snapshot().size().ready() >= this.servers.size());
			action.run(clients);
		});
	}

	/** Let callers send calls through the pool, each one after another. */
	private static void call(TwoClients clients, int callers, int count, IntFunction<String> paths) throws Exception {
		Calls calls = new Calls(clients.pooled());
		AtomicInteger next = new AtomicInteger();
		calls.concurrently(callers, () -> {
			for (int call = next.getAndIncrement(); call < count; call = next.getAndIncrement()) {
				calls.get(paths.apply(call), ALL);
			}
		});
		assertThat(calls.failed()).as("%s", calls).isZero();
	}

	/** Add the number of requests that each server has received, and start again at 0. */
	private void moveCounts(long[] sums) {
		for (int server = 0; server < sums.length; server++) {
			sums[server] += this.servers.get(server).count();
			this.servers.get(server).forget();
		}
	}

	/** Return the share of the requests that each server has received, in percent. */
	private static List<Double> shares(long... counts) {
		double all = LongStream.of(counts).sum();
		return LongStream.of(counts).mapToObj((count) -> 100 * count / all).toList();
	}

	private static List<Long> rounded(List<Double> shares) {
		return shares.stream().map(Math::round).toList();
	}

	private void print(String scenario, String format, Object... figures) {
		System.out.println("MEASURED on Java " + Runtime.version().feature() + ", " + this.pair + ", " + scenario + ": "
				+ String.format(Locale.ROOT, format, figures));
	}

}
