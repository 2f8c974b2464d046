package dev.servicepool.spring.measured;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests two callers that receive the heads of large responses but do not read the bodies.
 * The unread bytes fill the flow-control window of their connection and block all other
 * responses on it.
 */
@Tag("measured")
@Timeout(90)
class StalledReaderTests {

	private static final int CALLS = 50;

	private static final Duration TIMEOUT = Duration.ofSeconds(3);

	private final Work work = new Work();

	@Test
	void smallCallsSucceedWhenReadersStall() throws Exception {
		try (Server server = Server.http2(100).threads(200).start(this.work)) {
			int plain = besideStalledReaders(Applications.plain(), server, 1);
			int fresh = besideStalledReaders(Applications.pooled(server.uri()), server, 1);
			int two = besideStalledReaders(Applications.pooled(server.uri(), "pool.instances.orders.min-services=2"),
					server, 1);
			int scaledUp = besideStalledReaders(Applications.pooled(server.uri()), server, 60);
			Figures.print("two stalled readers of 64 MB",
					"of %d small calls, within %d s: plain %d succeed, pool of one service %d, of two services %d,"
							+ " after %d concurrent calls %d",
					CALLS, TIMEOUT.toSeconds(), plain, fresh, two, 60, scaledUp);
			assertThat(plain).as("successful calls of the plain client").isLessThan(CALLS);
			assertThat(fresh).isEqualTo(CALLS);
			assertThat(two).isEqualTo(CALLS);
			assertThat(scaledUp).isEqualTo(CALLS);
		}
	}

	/**
	 * Return how many small calls succeed while two readers stall.
	 * @param application the application
	 * @param server the server
	 * @param before the number of concurrent calls that the application sends first
	 * @return the number of small calls that succeed
	 */
	private int besideStalledReaders(ApplicationContextRunner application, Server server, int before) {
		int[] succeeded = new int[1];
		application.run((context) -> {
			RestClient client = Applications.client(context);
			assertThat(Burst.of(before, Duration.ofSeconds(20),
					() -> client.get().uri(server.uri() + "/?millis=50").retrieve().toBodilessEntity()))
				.isEqualTo(before);
			ExecutorService readers = Executors.newFixedThreadPool(2);
			CountDownLatch heads = new CountDownLatch(2);
			CountDownLatch end = new CountDownLatch(1);
			try {
				for (int reader = 0; reader < 2; reader++) {
					readers.execute(() -> stall(client, server, heads, end));
				}
				assertThat(heads.await(10, TimeUnit.SECONDS)).isTrue();
				waitUntilWindowIsFull();
				succeeded[0] = Burst.of(CALLS, TIMEOUT,
						() -> client.get().uri(server.uri()).retrieve().body(byte[].class));
			}
			finally {
				end.countDown();
				readers.shutdownNow();
			}
		});
		return succeeded[0];
	}

	private static void stall(RestClient client, Server server, CountDownLatch heads, CountDownLatch end) {
		client.get().uri(server.uri() + "/?size=" + (64 << 20)).exchange((request, response) -> {
			assertThat(response.getStatusCode().is2xxSuccessful()).isTrue();
			heads.countDown();
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return "";
		});
	}

	/** Wait until the server cannot send more bytes. */
	private void waitUntilWindowIsFull() {
		long before = -1;
		long sent = this.work.sent();
		while (sent != before) {
			ClosedLoop.pause(Duration.ofMillis(300));
			before = sent;
			sent = this.work.sent();
		}
	}

}
