package dev.servicepool.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import dev.servicepool.faults.CallPolicy.Hedge;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hedging with the latencies of Google's experiment: a request is complete when 100 leaf
 * calls have responded. The slowness of a call belongs to its server, which has the same
 * latency for 200 ms.
 *
 * @see <a href="https://cacm.acm.org/research/the-tail-at-scale/">The Tail at Scale</a>
 */
@Tag("slow")
class TailAtScaleTests {

	private static final int LEAVES = 100;

	private static final int SERVERS = 100;

	private static final int REQUESTS_PER_SECOND = 25;

	private static final double SECONDS = 40;

	/** The time until the percentile of the latencies is known. */
	private static final double WARM_UP = 1;

	/** The time for which the latency of a server does not change, in seconds. */
	private static final double PERIOD = 0.2;

	/**
	 * The published quantiles of leaf calls, and those of all 100 leaves converted to one
	 * of them: the share of the calls, and the latency in milliseconds.
	 */
	private static final double[][] QUANTILES = { { 0, 0.5 }, { 0.5, 1 }, { 0.95, 5 }, { 0.99, 10 }, { 0.9931, 40 },
			{ 0.99949, 87 }, { 0.9999, 140 }, { 1, 140 } };

	private static final double MAX_P99 = 0.070;

	private static final double MAX_REQUESTS = 1.055;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2 })
	void hedgingShortensTail(long seed) {
		Figures without = run(Hedge.NONE, seed);
		Figures other = run(Hedge.OTHER_SERVER, seed);
		Figures same = run(Hedge.SAME_SERVER, seed);
		if (Boolean.getBoolean("figures")) {
			System.out.printf("tail at scale, seed %d: without %s, other server %s, same server %s%n", seed, without,
					other, same);
		}
		assertThat(without.p99()).as("precondition").isGreaterThan(MAX_P99);
		assertThat(other.p99()).isLessThanOrEqualTo(MAX_P99);
		assertThat(other.requestsPerCall()).isGreaterThan(1).isLessThanOrEqualTo(MAX_REQUESTS);
		assertThat(same.p99()).as("hedge to the same server").isGreaterThan(MAX_P99);
	}

	private static Figures run(Hedge hedge, long seed) {
		List<Backend> backends = new ArrayList<>();
		IntStream.range(0, SERVERS)
			.forEach((server) -> backends.add(new Leaf(new SplittableRandom(seed * 1000 + server))));
		FaultScenario scenario = FaultScenario.of(backends, LEAVES * REQUESTS_PER_SECOND, SECONDS, 10);
		CallLog log = FaultSimulation.together(scenario, LEAVES, CallPolicy.hedging(hedge), seed);
		assertThat(log.end.load().inFlight()).isZero();
		return new Figures(log.percentileOfSlowest(LEAVES, 99, WARM_UP, SECONDS),
				(double) log.requests(WARM_UP, SECONDS) / log.count(WARM_UP, SECONDS));
	}

	/**
	 * Figures of a run.
	 *
	 * @param p99 the 99th percentile of the time of the slowest of all leaves, in seconds
	 * @param requestsPerCall the number of requests per leaf call
	 */
	private record Figures(double p99, double requestsPerCall) {

		@Override
		public String toString() {
			return String.format("p99 %.1f ms, %.3f requests per call", 1000 * this.p99, this.requestsPerCall);
		}

	}

	/** Server whose latency changes every 200 ms. */
	private static final class Leaf implements Backend {

		private final SplittableRandom random;

		/** The latencies of the periods. */
		private final Map<Integer, Double> latencies = new HashMap<>();

		Leaf(SplittableRandom random) {
			this.random = random;
		}

		@Override
		public Reply reply(double seconds, RandomGenerator random) {
			return Reply.response(this.latencies.computeIfAbsent((int) (seconds / PERIOD), (period) -> latency()));
		}

		/** Interpolate between the published quantiles. */
		private double latency() {
			double share = this.random.nextDouble();
			int index = 1;
			while (QUANTILES[index][0] < share) {
				index++;
			}
			double[] low = QUANTILES[index - 1];
			double[] high = QUANTILES[index];
			return (low[1] + (high[1] - low[1]) * (share - low[0]) / (high[0] - low[0])) / 1000;
		}

	}

}
