package dev.servicepool.spring.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import dev.servicepool.spring.faults.TwoSides.Scenario;
import dev.servicepool.spring.faults.TwoSides.Side;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for four servers that restart one after another. No GET request fails, because a
 * request that was not sent moves to another server, and a request whose connection was
 * lost is sent once more.
 */
@Tag("slow")
@Timeout(60)
class RollingRestartTests {

	private static final int SERVERS = 4;

	private static final int PER_SECOND = 200;

	private static final int PER_SECOND_IN_SHORT_RUN = 400;

	private final List<Server> servers = IntStream.range(0, SERVERS)
		.mapToObj((server) -> Server.http2(100).start())
		.toList();

	@AfterEach
	void stop() {
		this.servers.forEach(Server::close);
	}

	@Test
	void noGetFailsWhenServersAreKilled() throws Exception {
		Outcome outcome = run("servers killed, 400 GET/s", true,
				(side) -> side.gets("/?millis=5").atRate(2_000, PER_SECOND_IN_SHORT_RUN, Duration.ofSeconds(10)));
		assertThat(outcome.plain().failed()).as("precondition").isPositive();
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
	}

	@Test
	void noGetFailsWhenServersAreKilledAndCallersWait() throws Exception {
		Outcome outcome = run("servers killed, all permits in use", true,
				(side) -> side.gets("/?millis=20").byCallers(28, 800), "pool.max-concurrency=2",
				"pool.max-services=" + SERVERS);
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
	}

	@Test
	@Tag("measured")
	@Timeout(300)
	void noGetOfManyFailsWhenServersAreKilledAndCallersWait() throws Exception {
		Outcome outcome = run("servers killed, all permits in use, 20,000 GETs", true,
				(side) -> side.gets("/?millis=20").byCallers(28, 20_000), "pool.max-concurrency=2",
				"pool.max-services=" + SERVERS);
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
	}

	@Test
	@Tag("measured")
	@Timeout(300)
	void noGetOfManyFailsWhenServersAreKilled() throws Exception {
		Outcome outcome = run("servers killed, 200 GET/s, 100 s", true,
				(side) -> side.gets("/?millis=5").atRate(20_000, PER_SECOND, Duration.ofSeconds(10)));
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
	}

	@Test
	@Tag("measured")
	@Timeout(300)
	void noGetOfManyFailsWhenServersRestart() throws Exception {
		Outcome outcome = run("servers restarted, 200 GET/s, 100 s", false,
				(side) -> side.gets("/?millis=5").atRate(20_000, PER_SECOND, Duration.ofSeconds(10)));
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
	}

	@Test
	@Tag("measured")
	@Timeout(300)
	void noPooledGetFailsBesidePlainClient() throws Exception {
		Outcome outcome = run("servers killed, 5,000 GETs", true, (side) -> fewer(side.gets("/?millis=5")));
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
	}

	/** The annotation has its defaults: three retries, with a pause of one second. */
	@Test
	@Tag("measured")
	@Timeout(300)
	void noPooledGetFailsBesideRetries() throws Exception {
		try (ConfigurableApplicationContext context = new AnnotationConfigApplicationContext(Retries.class)) {
			RetriedCall retried = context.getBean(RetriedCall.class);
			Outcome outcome = run("servers killed, 5,000 GETs, plain client with @Retryable", true, (side) -> fewer(
					side.isPooled() ? side.gets("/?millis=5") : new Calls(() -> retried.get(side, "/?millis=5"))));
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
		}
	}

	private static Calls fewer(Calls calls) throws InterruptedException {
		return calls.atRate(5_000, PER_SECOND, Duration.ofSeconds(10));
	}

	private Outcome run(String name, boolean kill, Scenario scenario, String... properties) throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		ExecutorService operator = Executors.newSingleThreadExecutor();
		try (TwoSides sides = new TwoSides(this.servers.stream().map(Server::uri).toList())) {
			sides.with("spring.http.clients.read-timeout=5s").with(properties);
			CountDownLatch connected = new CountDownLatch(2);
			Future<?> restarts = operator.submit(() -> restart(sides, kill, connected, end));
			Outcome outcome = sides.run(name, (side) -> {
				side.connect();
				connected.countDown();
				return scenario.on(side);
			});
			end.countDown();
			restarts.get();
			return outcome;
		}
		finally {
			end.countDown();
			operator.shutdown();
		}
	}

	/**
	 * Restart one server after another until the end. A call is sent again only once.
	 * Therefore, a restart waits until the calls of the last restart have ended.
	 */
	private Void restart(TwoSides sides, boolean kill, CountDownLatch start, CountDownLatch end)
			throws InterruptedException {
		start.await();
		Callable<Boolean> restarted = () -> true;
		for (int number = 0; !end.await(300, TimeUnit.MILLISECONDS); number++) {
			int server = number % SERVERS;
			await().atMost(Duration.ofSeconds(30)).until(restarted);
			if (kill) {
				sides.links(server).forEach(Link::refuse);
				sides.links(server).forEach(Link::reset);
				end.await(200, TimeUnit.MILLISECONDS);
				sides.links(server).forEach(Link::accept);
			}
			else {
				// Without this, the link accepts connections of a server that is down.
				sides.links(server).forEach(Link::refuse);
				this.servers.get(server).stop();
				end.await(200, TimeUnit.MILLISECONDS);
				this.servers.get(server).start();
				sides.links(server).forEach(Link::accept);
			}
			Calls calls = sides.pooledCalls();
			int started = calls.started();
			restarted = () -> calls.haveEnded(started);
		}
		return null;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableResilientMethods
	@Import(RetriedCall.class)
	static class Retries {

	}

	/** Call that Framework repeats. Each attempt goes to the next server. */
	static class RetriedCall {

		@Retryable
		Object get(Side side, String path) {
			return side.client().get().uri(side.uri(path)).retrieve().toBodilessEntity();
		}

	}

}
