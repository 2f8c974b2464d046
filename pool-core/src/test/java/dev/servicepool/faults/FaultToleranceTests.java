package dev.servicepool.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.servicepool.PoolSnapshot;
import dev.servicepool.faults.Call.Result;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * The required results of a pool with default settings while backends fail, compared with
 * a client that uses round robin.
 */
@Tag("slow")
class FaultToleranceTests {

	private static final Backend WORKING = Backend.working(0.05);

	/** One of 11 backends is slow for half of the time. The response timeout is 1 s. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void fewRequestsFailWhenOneOfElevenIsSlow(long seed) {
		FaultScenario scenario = PublishedExperiment.scenario();
		CallLog pool = FaultSimulation.pool(scenario, seed);
		CallLog roundRobin = FaultSimulation.roundRobin(scenario, seed);
		double fairShare = 100.0 / 11;
		double recovered = pool.percentTo(55.5, 57.5, 0);
		report("slow", seed, "%.2f %% succeed, round robin %.2f %%; after recovery: %.0f %% of its share",
				pool.successPercent(0, 60), roundRobin.successPercent(0, 60), 100 * recovered / fairShare);
		assertThat(pool.successPercent(0, 60)).isGreaterThanOrEqualTo(99.9);
		assertThat(recovered).as("share of the recovered backend within 12.5 s").isGreaterThanOrEqualTo(fairShare / 2);
		assertThat(roundRobin.successPercent(0, 60)).isCloseTo(95.5, within(0.3));
	}

	/**
	 * One backend fails immediately, one refuses connections, one aborts its responses.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void failingBackendsReceiveLittleTrafficUntilRecovery(long seed) {
		List<Backend> backends = backends(10, WORKING);
		backends.set(0, WORKING.except(Reply.failure(0.001), 20, 50));
		backends.set(1, WORKING.except(Reply.failure(0), 20, 50));
		backends.set(2, WORKING.except(Reply.brokenBody(0.01, 0.02), 20, 50));
		FaultScenario scenario = FaultScenario.of(backends, 1000, 140, 1);
		CallLog pool = FaultSimulation.pool(scenario, seed);
		CallLog roundRobin = FaultSimulation.roundRobin(scenario, seed);
		report("failing", seed,
				"%.2f %% of the traffic after 2 s, round robin %.2f %%; %.2f %% succeed, round robin %.2f %%",
				pool.percentTo(22, 50, 0, 1, 2), roundRobin.percentTo(22, 50, 0, 1, 2), pool.successPercent(20, 50),
				roundRobin.successPercent(20, 50));
		assertThat(pool.percentTo(22, 50, 0, 1, 2)).as("traffic to the failing backends").isLessThan(2);
		assertThat(roundRobin.percentTo(22, 50, 0, 1, 2)).isCloseTo(30, within(0.1));
		for (int backend = 0; backend < 3; backend++) {
			report("failing", seed,
					"backend %d receives %.1f %% of the traffic 10 s after recovery, %.1f %% after 60 s", backend,
					pool.percentTo(60, 62, backend), pool.percentTo(110, 140, backend));
			assertThat(pool.percentTo(110, 140, backend)).as("share of the recovered backend")
				.isCloseTo(10, within(2.0));
		}
		assertThat(pool.end.size().ejected()).isZero();
		assertThat(pool.successPercent(60, 140)).isEqualTo(100);
	}

	/**
	 * The last of five backends takes 1 s when it joins, and 100 ms after 60 s. The
	 * response timeout is 1 s.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void shareOfNewBackendRisesWhileItWarmsUp(long seed) {
		int joinsAt = 30;
		List<Backend> backends = backends(5, Backend.working(0.1));
		backends.set(4, Backend.warmingUp(0.1, joinsAt));
		CallLog pool = FaultSimulation.joining(FaultScenario.of(backends, 200, 150, 1), joinsAt, seed);
		backends.set(4, Backend.warmingUp(0.1, 0));
		CallLog roundRobin = FaultSimulation.roundRobin(FaultScenario.of(backends, 200, 60, 1), seed);
		double fairShare = 100.0 / 5;
		List<Double> shares = IntStream.range(3, 15)
			.mapToObj((tens) -> pool.percentTo(10 * tens, 10 * tens + 10, 4) / fairShare)
			.toList();
		report("new", seed, "%.2f %% fail, round robin %.2f %%; shares of the new backend %s",
				100 - pool.successPercent(joinsAt, 90), 100 - roundRobin.successPercent(0, 60), shares);
		assertThat(pool.successPercent(joinsAt, 90)).isGreaterThan(99.9);
		assertThat(shares).as("share of the new backend").allMatch((share) -> share <= 1.2);
		assertThat(shares.get(0)).as("share at first").isPositive();
		assertThat(shares.get(shares.size() - 1)).as("share at the end").isGreaterThan(0.9);
	}

	/** All backends fail for 10 s: they refuse connections or do not respond. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void poolRecoversAfterAllBackendsFailed(long seed) {
		for (Reply reply : List.of(Reply.failure(0.001), Reply.silence())) {
			double acquireTimeout = 2;
			List<Backend> backends = backends(10, WORKING.except(reply, 20, 30));
			FaultScenario scenario = FaultScenario.of(backends, 500, 60, 1).acquireTimeout(acquireTimeout);
			CallLog pool = FaultSimulation.pool(scenario, seed);
			CallLog roundRobin = FaultSimulation.roundRobin(scenario, seed);
			report("all", seed, "longest wait %.2f s; 1 s after recovery %.2f %% succeed, 2 s after recovery %.2f %%",
					pool.longestWait(), pool.successPercent(31, 32), pool.successPercent(32, 60));
			assertThat(pool.longestWait()).isLessThanOrEqualTo(acquireTimeout + 1e-6);
			assertThat(pool.successPercent(32, 60)).isEqualTo(100);
			assertThat(roundRobin.successPercent(32, 60)).isGreaterThan(99);
			assertNothingLeaks(pool);
		}
	}

	/**
	 * One backend fails immediately without outlier detection: only the metric avoids it.
	 */
	@ParameterizedTest
	@MethodSource("metrics")
	void fastFailuresAttractNoTraffic(LoadMetric metric) {
		List<Backend> backends = backends(10, WORKING);
		backends.set(0, WORKING.except(Reply.failure(0.001), 20, 50));
		FaultScenario scenario = FaultScenario.of(backends, 1000, 110, 1);
		CallLog pool = FaultSimulation.pool(scenario, 1, (builder) -> builder.loadMetric(metric)
			.outlierDetection((detection) -> detection.consecutiveFailures(0).failureRate(0)));
		report("fast", 1, "%s: %.2f %% of the traffic while it fails, %.1f %% after recovery", metric,
				pool.percentTo(20, 50, 0), pool.percentTo(80, 110, 0));
		assertThat(pool.percentTo(20, 50, 0)).isLessThan(1);
		assertThat(pool.percentTo(80, 110, 0)).isCloseTo(10, within(2.0));
	}

	static Stream<LoadMetric> metrics() {
		return Stream.of(LoadMetric.peakEwma(), LoadMetric.pendingRequests());
	}

	/** The traffic is five times the capacity. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void latencyStaysBoundedUnderOverload(long seed) {
		List<Backend> backends = backends(4, WORKING);
		FaultScenario atCapacity = FaultScenario.of(backends, 400, 40, 10).bounded(5, 20);
		FaultScenario overload = atCapacity.perSecond(2000);
		double usual = FaultSimulation.pool(atCapacity, seed).p99(10, 40);
		CallLog pool = FaultSimulation.pool(overload, seed);
		CallLog roundRobin = FaultSimulation.roundRobin(overload, seed);
		report("overload", seed, "p99 %.0f ms, at capacity %.0f ms, round robin %.0f ms; %d of %d rejected",
				1000 * pool.p99(10, 40), 1000 * usual, 1000 * roundRobin.p99(0, 40), pool.count(Result.REJECTED, 0, 40),
				pool.size());
		assertThat(pool.p99(10, 40)).isLessThanOrEqualTo(2.5 * usual);
		assertThat(pool.count(Result.SUCCEEDED, 10, 40)).as("served calls at full capacity")
			.isCloseTo(30 * 400, within(30 * 400 / 50L));
		assertThat(pool.count(Result.FAILED, 0, 40)).isZero();
		assertNothingLeaks(pool);
	}

	private void assertNothingLeaks(CallLog pool) {
		PoolSnapshot end = pool.end;
		assertThat(pool.count(Result.OPEN, 0, 1000)).isZero();
		assertThat(end.load().inFlight()).isZero();
		assertThat(end.load().waiting()).isZero();
		assertThat(end.services()).allSatisfy((member) -> assertThat(member.load().inFlight()).isZero());
		PoolSnapshot.Calls calls = end.totals().calls();
		assertThat(calls.succeeded() + calls.failed() + calls.rejected() + calls.timedOut()).isEqualTo(pool.size());
	}

	private static List<Backend> backends(int count, Backend backend) {
		return new ArrayList<>(Collections.nCopies(count, backend));
	}

	/** Print the figures for docs/reliability.md, if {@code -Dfigures=true} is set. */
	private static void report(String scenario, long seed, String format, Object... figures) {
		if (Boolean.getBoolean("figures")) {
			System.out.printf("%s, seed %d: " + format + "%n", prepend(scenario, seed, figures));
		}
	}

	private static Object[] prepend(String scenario, long seed, Object[] figures) {
		List<Object> all = new ArrayList<>(List.of(scenario, seed));
		all.addAll(List.of(figures));
		return all.toArray();
	}

}
