package dev.servicepool.spring.faults;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for servers that reject some requests, and process all others.
 */
@Timeout(120)
class RejectingServerTests {

	private static final int CALLERS = 20;

	private static final int CALLS = 1_000;

	@AutoClose
	private final Server server = Server.http1().start(RejectingServerTests::respond);

	@AutoClose("shutdownNow")
	private final ExecutorService others = Executors.newCachedThreadPool();

	private static void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
		switch (request.getRequestURI()) {
			case "/reports" -> {
				response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
				response.setHeader("Retry-After", "3600");
			}
			case "/upload" -> response.setStatus(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
			default -> sleep();
		}
	}

	private static void sleep() {
		try {
			TimeUnit.MILLISECONDS.sleep(20);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void pauseForOnePathDelaysNoOtherCall(int targets) throws Exception {
		try (TwoSides sides = sides(targets)) {
			Duration[] times = new Duration[2];
			Outcome outcome = sides.run("one path responds with Retry-After, targets: " + targets, (side) -> {
				Future<?> reports = this.others
					.submit(() -> side.gets("/reports").oneAfterAnother(20, Duration.ofMillis(50)));
				long start = System.nanoTime();
				Calls orders = side.gets("/orders").byCallers(CALLERS, CALLS);
				times[side.isPooled() ? 1 : 0] = Duration.ofNanos(System.nanoTime() - start);
				reports.get();
				return orders;
			});
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
			assertThat(times[1]).isLessThan(times[0].multipliedBy(2));
		}
	}

	@Test
	void pauseEndsWithReplacedServer() throws Exception {
		try (Server healthy = Server.http1().start(); TwoSides sides = sides(1)) {
			Outcome outcome = sides.run("server replaced after Retry-After", (side) -> {
				side.gets("/reports").oneAfterAnother(1, Duration.ZERO);
				side.links().get(0).switchTo(healthy.uri());
				side.links().get(0).reset();
				return side.gets("/orders").oneAfterAnother(1, Duration.ZERO);
			});
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
		}
	}

	@Test
	void rejectedUploadsEjectNoService() throws Exception {
		byte[] body = new byte[5_000_000];
		try (TwoSides sides = sides(2)) {
			Outcome outcome = sides.run("uploads rejected before they are read", (side) -> {
				new Calls(() -> side.client().post().uri(side.uri("/upload")).body(body).retrieve().toBodilessEntity())
					.byCallers(5, 25);
				return side.gets("/orders").byCallers(CALLERS, 100);
			});
			assertThat(outcome.pool().totals().ejections()).isZero();
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
		}
	}

	private TwoSides sides(int targets) {
		List<URI> servers = Collections.nCopies(targets, this.server.uri());
		return new TwoSides(servers).with("pool.acquire-timeout=10s", "spring.http.clients.read-timeout=5s");
	}

}
