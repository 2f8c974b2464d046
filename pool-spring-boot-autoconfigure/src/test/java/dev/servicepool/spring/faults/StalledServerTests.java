package dev.servicepool.spring.faults;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a server that stalls from time to time, for longer than the read timeout. The
 * server is the trouble, not its connections, so that new connections do not help.
 */
@Tag("slow")
@Timeout(60)
class StalledServerTests {

	private static final int SERVICES = 4;

	private static final int CALLERS = 20;

	private final StallingHandler handler = new StallingHandler();

	@AutoClose
	private final Server server = Server.http2(100).tls(TestKeyStore.loopback()).start(this.handler);

	@Test
	void stallOpensAtMostOneConnection() throws Exception {
		stall("server stalls twice for 1.2 s", 2, Duration.ofMillis(1200), Duration.ofMillis(2500),
				Duration.ofMillis(500));
	}

	@Test
	@Tag("measured")
	@Timeout(180)
	void stallOfThreeSecondsOpensAtMostOneConnection() throws Exception {
		stall("server stalls three times for 3 s", 3, Duration.ofSeconds(3), Duration.ofSeconds(30),
				Duration.ofSeconds(1));
	}

	private void stall(String name, int stalls, Duration stall, Duration period, Duration timeout) throws Exception {
		ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
		try (TwoSides sides = new TwoSides(List.of(this.server.secureUri())).trusting(TestKeyStore.loopback())) {
			sides.with("pool.min-services=" + SERVICES, "pool.max-services=" + SERVICES,
					"spring.http.clients.read-timeout=" + timeout.toMillis() + "ms");
			AtomicInteger connectedBefore = new AtomicInteger();
			Outcome outcome = sides.run(name, (side) -> {
				side.connect();
				if (side.isPooled()) {
					connectedBefore.set(sides.pooledConnections());
					timer.scheduleAtFixedRate(() -> this.handler.stall(stall), period.toMillis() / 4, period.toMillis(),
							TimeUnit.MILLISECONDS);
				}
				return side.gets("/").byCallersFor(CALLERS, period.multipliedBy(stalls));
			});
			assertThat(sides.pooledConnections()).isLessThanOrEqualTo(connectedBefore.get() + stalls);
			// During a stall, each caller fails once per timeout on either side.
			assertThat(outcome.pooled().failed()).as("%s, plain %s", outcome.pooled(), outcome.plain())
				.isLessThanOrEqualTo(outcome.plain().failed() + 2 * CALLERS);
		}
		finally {
			timer.shutdownNow();
		}
	}

	/** Responds after 20 ms, or when a stall has ended. */
	private static final class StallingHandler implements Handler {

		private volatile long stalledUntil = System.nanoTime();

		void stall(Duration time) {
			this.stalledUntil = System.nanoTime() + time.toNanos();
		}

		@Override
		public void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
			try {
				TimeUnit.MILLISECONDS.sleep(20);
				TimeUnit.NANOSECONDS.sleep(this.stalledUntil - System.nanoTime());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new InterruptedIOException("interrupted");
			}
		}

	}

}
