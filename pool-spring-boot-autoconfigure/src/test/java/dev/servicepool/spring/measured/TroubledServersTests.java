package dev.servicepool.spring.measured;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.servicepool.spring.Applications;
import dev.servicepool.spring.measured.TroubledServer.Behavior;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests a pool with default settings whose real servers fail, compared with round-robin
 * balancing. Tests in virtual time require better results with more calls.
 */
@Tag("measured")
@Timeout(400)
class TroubledServersTests {

	private static final int CALLS_PER_SECOND = 600;

	private static final int CALLERS = 600;

	private final List<TroubledServer> servers = new ArrayList<>();

	@AfterEach
	void stopServers() {
		this.servers.forEach(TroubledServer::close);
	}

	@Test
	void callsSucceedWhenOneOfElevenServersIsSlow() throws Exception {
		start(11, Duration.ofMillis(167));
		double[] share = new double[2];
		// Round robin is first, because calls of both time out while the JVM starts.
		Latencies roundRobin = load(plain(), roundRobin(), 60, () -> share[1] = slowDownOneServer());
		Latencies pool = load(pooled(), throughPool(), 60, () -> share[0] = slowDownOneServer());
		double poolSucceeds = succeeded(pool);
		double roundRobinSucceeds = succeeded(roundRobin);
		Figures.print("one of 11 servers takes 2 s for 30 s of 60, timeout 1 s",
				"%.2f %% of calls succeed with a pool, %.2f %% with round robin; share 10.5 to 12.5 s"
						+ " after recovery: %.0f and %.0f %% of a fair share",
				poolSucceeds, roundRobinSucceeds, 100 * share[0], 100 * share[1]);
		assertThat(poolSucceeds).isGreaterThanOrEqualTo(99.9);
		assertThat(roundRobinSucceeds).as("success rate of round robin").isLessThan(97);
		assertThat(share[0]).isGreaterThanOrEqualTo(0.5);
	}

	/**
	 * Slow down one server, and return its share of the traffic soon after it recovered.
	 */
	private double slowDownOneServer() {
		ClosedLoop.pause(Duration.ofSeconds(15));
		this.servers.get(0).delay(Duration.ofSeconds(2));
		ClosedLoop.pause(Duration.ofSeconds(30));
		this.servers.get(0).delay(Duration.ofMillis(167));
		ClosedLoop.pause(Duration.ofMillis(10_500));
		return share(Duration.ofSeconds(2), this.servers.subList(0, 1)) * this.servers.size();
	}

	@Test
	void trafficAvoidsThreeFailingServersOfTen() throws Exception {
		start(10, Duration.ofMillis(50));
		double[] shares = new double[4];
		load(pooled(), throughPool(), 120, () -> failThreeServers(shares));
		Figures.print("of 10 servers, one responds with 500, one refuses connections, one truncates, for 30 s",
				"%.2f %% of the traffic to them after 2 s; one minute after recovery %.0f, %.0f and"
						+ " %.0f %% of a fair share",
				100 * shares[3], 100 * shares[0], 100 * shares[1], 100 * shares[2]);
		assertThat(shares[3]).isLessThan(0.02);
		for (int server = 0; server < 3; server++) {
			assertThat(shares[server]).isBetween(0.8, 1.2);
		}
	}

	private Void failThreeServers(double[] shares) {
		ClosedLoop.pause(Duration.ofSeconds(10));
		this.servers.get(0).behavior(Behavior.FAIL);
		this.servers.get(1).stop();
		this.servers.get(2).behavior(Behavior.TRUNCATE);
		ClosedLoop.pause(Duration.ofSeconds(2));
		shares[3] = share(Duration.ofSeconds(28), this.servers.subList(0, 3));
		this.servers.get(0).behavior(Behavior.NORMAL);
		this.servers.get(1).restart();
		this.servers.get(2).behavior(Behavior.NORMAL);
		ClosedLoop.pause(Duration.ofSeconds(60));
		long[] before = this.servers.stream().mapToLong(TroubledServer::requests).toArray();
		ClosedLoop.pause(Duration.ofSeconds(15));
		long[] after = this.servers.stream().mapToLong(TroubledServer::requests).toArray();
		double all = 0;
		for (int server = 0; server < after.length; server++) {
			all += after[server] - before[server];
		}
		for (int server = 0; server < 3; server++) {
			shares[server] = (after[server] - before[server]) / all * after.length;
		}
		return null;
	}

	/** Return the share of the requests that some servers receive during some time. */
	private double share(Duration time, List<TroubledServer> some) {
		long allBefore = requests(this.servers);
		long before = requests(some);
		ClosedLoop.pause(time);
		return (requests(some) - before) / (double) (requests(this.servers) - allBefore);
	}

	private static long requests(List<TroubledServer> servers) {
		return servers.stream().mapToLong(TroubledServer::requests).sum();
	}

	private void start(int servers, Duration delay) {
		for (int server = 0; server < servers; server++) {
			this.servers.add(new TroubledServer(delay));
		}
	}

	private ApplicationContextRunner plain() {
		return Applications.plain().withPropertyValues("spring.http.clients.read-timeout=1s");
	}

	private ApplicationContextRunner pooled() {
		String targets = this.servers.stream()
			.map((server) -> server.uri().toString())
			.collect(Collectors.joining(","));
		return plain().withPropertyValues("pool.instances.orders.url=http://orders",
				"pool.instances.orders.targets=" + targets);
	}

	private static Client throughPool() {
		return (client) -> client.get().uri("http://orders/").retrieve().body(String.class);
	}

	private Client roundRobin() {
		AtomicInteger next = new AtomicInteger();
		List<URI> uris = this.servers.stream().map(TroubledServer::uri).toList();
		return (client) -> client.get()
			.uri(uris.get(next.getAndIncrement() % uris.size()))
			.retrieve()
			.body(String.class);
	}

	/** Call at a constant rate, and perform an action in the meantime. */
	private static Latencies load(ApplicationContextRunner application, Client call, int seconds, Callable<?> action) {
		Latencies[] latencies = new Latencies[1];
		application.run((context) -> {
			RestClient client = Applications.client(context);
			ExecutorService loop = Executors.newSingleThreadExecutor();
			try {
				Future<Latencies> calls = loop.submit(
						new OpenLoop(CALLERS, CALLS_PER_SECOND, Duration.ofSeconds(seconds), () -> call.call(client)));
				action.call();
				latencies[0] = calls.get();
			}
			finally {
				loop.shutdownNow();
			}
		});
		return latencies[0];
	}

	private static double succeeded(Latencies latencies) {
		return 100.0 - 100.0 * latencies.failed() / latencies.count();
	}

	private interface Client {

		String call(RestClient client);

	}

}
