package dev.servicepool.spring.measured;

import java.time.Duration;

import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests far more concurrent calls than a connection allows. The server needs one second
 * for each call.
 */
@Tag("measured")
@Timeout(60)
class SlowBurstTests {

	private static final int CALLS = 500;

	private static final Duration LIMIT = Duration.ofSeconds(4);

	@Test
	void burstThroughPoolEndsWithinFourSeconds() throws Exception {
		try (Server server = Server.http2(100).threads(200).start()) {
			int plain = succeeded(Applications.plain(), server, 1);
			Duration first = time(Applications.pooled(server.uri()), server, 0);
			Duration cold = time(Applications.pooled(server.uri()), server, 0);
			Duration warm = time(Applications.pooled(server.uri()), server, 1);
			Figures.print("500 calls of 1 s each, limit 100",
					"plain: %d succeed; pool: all succeed within %.1f s in a new JVM, %.1f s cold, %.1f s warm", plain,
					first.toMillis() / 1e3, cold.toMillis() / 1e3, warm.toMillis() / 1e3);
			assertThat(plain).as("successful calls of the plain client").isLessThan(CALLS);
			assertThat(cold).isLessThan(LIMIT);
			assertThat(warm).isLessThan(LIMIT);
		}
	}

	private static Duration time(ApplicationContextRunner application, Server server, int before) {
		long[] times = new long[1];
		application.run((context) -> {
			RestClient client = Applications.client(context);
			callOnce(client, server, before);
			long start = System.nanoTime();
			assertThat(burst(client, server)).isEqualTo(CALLS);
			times[0] = System.nanoTime() - start;
		});
		return Duration.ofNanos(times[0]);
	}

	private static int succeeded(ApplicationContextRunner application, Server server, int before) {
		int[] succeeded = new int[1];
		application.run((context) -> {
			RestClient client = Applications.client(context);
			callOnce(client, server, before);
			succeeded[0] = burst(client, server);
		});
		return succeeded[0];
	}

	private static void callOnce(RestClient client, Server server, int times) {
		for (int call = 0; call < times; call++) {
			client.get().uri(server.uri()).retrieve().toBodilessEntity();
		}
	}

	private static int burst(RestClient client, Server server) throws InterruptedException {
		String uri = server.uri() + "/?millis=1000";
		return Burst.of(CALLS, Duration.ofSeconds(20), () -> client.get().uri(uri).retrieve().toBodilessEntity());
	}

}
