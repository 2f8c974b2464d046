package dev.servicepool.spring.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.servicepool.fixtures.ExternalServer;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.ServerProgram;
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
 * Tests with an HTTP/2 proxy between the clients and the server.
 */
@Tag("measured")
@Timeout(180)
abstract class ProxyTests {

	/** Duration of a test. Configurable with {@code -Dproxy.time=PT10M}. */
	private static final Duration TIME = Duration.parse(System.getProperty("proxy.time", "PT1M"));

	private static final int CALLERS = 60;

	private static final Duration RELOAD = Duration.ofSeconds(5);

	private final ServerProgram program;

	@TempDir
	private Path folder;

	@AutoClose
	private final Server server = Server.http1().start();

	@AutoClose
	private ExternalServer proxy;

	private final ExecutorService operator = Executors.newSingleThreadExecutor();

	/**
	 * Create tests with a proxy.
	 * @param program the program of the proxy
	 */
	ProxyTests(ServerProgram program) {
		this.program = program;
	}

	@BeforeEach
	void start() throws Exception {
		assumeTrue(this.program.isInstalled(), this.program.missing());
		this.proxy = this.program.start(this.server.uri(), TestKeyStore.loopback(), this.folder);
	}

	@AfterEach
	void stop() {
		this.operator.shutdownNow();
	}

	@Test
	void noGetFailsWhenProxyReloads() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		try (TwoSides sides = sides()) {
			Future<Integer> reloads = this.operator.submit(() -> {
				int count = 0;
				while (!end.await(RELOAD.toMillis(), TimeUnit.MILLISECONDS)) {
					this.proxy.reload();
					count++;
				}
				return count;
			});
			Outcome outcome = sides.run(this.program + " reloads, GETs", gets());
			end.countDown();
			boolean resends = Runtime.version().feature() >= 25;
			assertThat(reloads.get()).as("reloads").isPositive();
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled())
				.isLessThanOrEqualTo(resends ? 0 : reloads.get());
		}
	}

	TwoSides sides() {
		return new TwoSides(List.of(this.proxy.uri())).trusting(TestKeyStore.loopback())
			.with("spring.http.clients.read-timeout=5s");
	}

	static Scenario gets() {
		return (side) -> {
			side.connect();
			return side.gets("/?millis=20").byCallersFor(CALLERS, TIME);
		};
	}

	static Scenario posts() {
		return (side) -> {
			side.connect();
			return side.posts("/?millis=20").byCallersFor(CALLERS, TIME);
		};
	}

}
