package dev.servicepool.spring.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.servicepool.fixtures.Nginx;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import dev.servicepool.spring.faults.TwoSides.Scenario;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests with nginx, which by default ends each connection after its 1,000th request.
 */
@Tag("measured")
@Timeout(180)
class NginxTests {

	/** Duration of a test. Configurable with {@code -Dnginx.time=PT10M}. */
	private static final Duration TIME = Duration.parse(System.getProperty("nginx.time", "PT1M"));

	private static final int CALLERS = 60;

	private static final int REQUESTS_PER_SERVICE = 900;

	private static final Duration RELOAD = Duration.ofSeconds(5);

	@TempDir
	private Path folder;

	@AutoClose
	private final Server server = Server.http1().start();

	@AutoClose
	private Nginx nginx;

	private final ExecutorService operator = Executors.newSingleThreadExecutor();

	@BeforeEach
	void start() throws Exception {
		assumeTrue(Nginx.isInstalled(), "nginx is not installed: apt-get install nginx");
		this.nginx = Nginx.before(this.server.uri(), TestKeyStore.loopback(), this.folder);
	}

	@AfterEach
	void stop() {
		this.operator.shutdownNow();
	}

	@Test
	void noGetFailsWhenConnectionsEndAfterLimit() throws Exception {
		try (TwoSides sides = sides()) {
			Outcome outcome = sides.run("nginx, GETs", gets());
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
			assertThat(outcome.pool().totals().ejections()).isZero();
		}
	}

	@Test
	void postsFailAtMostAsOftenAsPlainOnes() throws Exception {
		try (TwoSides sides = sides()) {
			Outcome outcome = sides.run("nginx, POSTs", posts());
			assertThat(rate(outcome.pooled())).as("%s", outcome.pooled()).isLessThanOrEqualTo(rate(outcome.plain()));
			assertThat(outcome.pool().totals().ejections()).isZero();
		}
	}

	@Test
	void noPostFailsWhenServicesAreReplacedBeforeLimit() throws Exception {
		try (TwoSides sides = sides().with("pool.instances.orders.max-requests-per-service=" + REQUESTS_PER_SERVICE)) {
			Outcome outcome = sides.run("nginx, POSTs, services replaced", posts());
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
			int services = outcome.pooled().succeeded() / REQUESTS_PER_SERVICE + outcome.pool().size().live();
			assertThat(sides.pooledConnections()).isLessThanOrEqualTo(services * 3 / 2);
		}
	}

	@Test
	void noGetFailsWhenNginxReloads() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		try (TwoSides sides = sides()) {
			Future<Integer> reloads = this.operator.submit(() -> {
				int count = 0;
				while (!end.await(RELOAD.toMillis(), TimeUnit.MILLISECONDS)) {
					this.nginx.reload();
					count++;
				}
				return count;
			});
			Outcome outcome = sides.run("nginx reloads, GETs", gets());
			end.countDown();
			boolean resends = Runtime.version().feature() >= 25;
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled())
				.isLessThanOrEqualTo(resends ? 0 : reloads.get());
		}
	}

	private TwoSides sides() {
		return new TwoSides(List.of(this.nginx.uri())).trusting(TestKeyStore.loopback())
			.with("spring.http.clients.read-timeout=5s");
	}

	private static Scenario gets() {
		return (side) -> {
			side.connect();
			return side.gets("/?millis=20").byCallersFor(CALLERS, TIME);
		};
	}

	private static Scenario posts() {
		return (side) -> {
			side.connect();
			return side.posts("/?millis=20").byCallersFor(CALLERS, TIME);
		};
	}

	private static double rate(Calls calls) {
		return (double) calls.failed() / (calls.failed() + calls.succeeded());
	}

}
