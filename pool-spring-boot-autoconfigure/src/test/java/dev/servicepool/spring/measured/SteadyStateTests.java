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
 * Tests the number of connections of a pool under constant load, and how evenly the pool
 * uses them.
 */
@Tag("measured")
@Timeout(90)
class SteadyStateTests {

	private static final int MAX_CONCURRENCY = 20;

	@Test
	void fewConnectionsWhenServerLimitIsBelowMaxConcurrency() throws Exception {
		compare(10, 36);
	}

	@Test
	void fewConnectionsWhenServerLimitIsAboveMaxConcurrency() throws Exception {
		compare(100, 72);
	}

	private void compare(int limit, int callers) throws Exception {
		int needed = (int) Math.ceil((double) callers / Math.min(limit, MAX_CONCURRENCY));
		try (Server server = Server.http2(limit).threads(200).start()) {
			Result plain = measure(Applications.plain(), server, callers, Duration.ofSeconds(2), Duration.ofSeconds(2));
			Result pooled = measure(
					Applications.pooled(server.uri(), "pool.instances.orders.max-concurrency=" + MAX_CONCURRENCY),
					server, callers, Duration.ofSeconds(14), Duration.ofSeconds(6));
			Figures.print("steady state, limit " + limit, "%d callers need %d connections: pool %s; plain %s", callers,
					needed, pooled, plain);
			assertThat(pooled.failed).isZero();
			assertThat(pooled.streams.connections()).isLessThanOrEqualTo(needed * 3 / 2);
			if (pooled.streams.mean() >= 10) {
				assertThat(pooled.streams.maxOverMean()).isLessThanOrEqualTo(1.3);
			}
		}
	}

	private static Result measure(ApplicationContextRunner application, Server server, int callers, Duration warmUp,
			Duration time) {
		Result[] result = new Result[1];
		application.run((context) -> {
			RestClient client = Applications.client(context);
			String uri = server.uri() + "/?millis=100";
			server.log().reset();
			try (ClosedLoop load = new ClosedLoop(callers, () -> client.get().uri(uri).retrieve().toBodilessEntity())) {
				ClosedLoop.Rates rates = load.during(warmUp);
				int opened = server.log().connections();
				server.log().reset();
				StreamSamples streams = StreamSamples.of(server.log(), time);
				result[0] = new Result(opened, streams, server.log().peakStreams(), rates.failed());
			}
		});
		return result[0];
	}

	private record Result(int opened, StreamSamples streams, int peak, double failed) {

		@Override
		public String toString() {
			return String.format(
					"%d (%d opened), %.1f requests each, at most %d, max/mean %.2f, %.0f failures per second",
					this.streams.connections(), this.opened, this.streams.mean(), this.peak, this.streams.maxOverMean(),
					this.failed);
		}

	}

}
