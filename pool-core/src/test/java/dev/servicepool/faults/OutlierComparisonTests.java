package dev.servicepool.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.faults.Call.Result;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Ejections depend on the comparison of a backend with the others. Calls that fail
 * everywhere eject none of them.
 */
@Tag("slow")
class OutlierComparisonTests {

	private static final Backend WORKING = Backend.working(0.05);

	private static final int CALLERS = 20;

	private static final int CALLS = 40_000;

	/** The number of calls in a row that fail everywhere. */
	private static final int RUN = 20;

	@ParameterizedTest
	@MethodSource("metrics")
	void callsThatFailEverywhereInRunsEjectNone(LoadMetric metric) {
		for (int callers : new int[] { 1, CALLERS }) {
			for (double latency : new double[] { 0.001, 0.05 }) {
				AtomicInteger calls = new AtomicInteger();
				Backend backend = (now, random) -> (calls.getAndIncrement() % (10 * RUN) < RUN) ? Reply.failure(latency)
						: WORKING.reply(now, random);
				assertThat(ejections(metric, callers, 4, backend)).as(callers + " callers, " + latency + " s")
					.isEmpty();
			}
		}
	}

	@ParameterizedTest
	@MethodSource("metrics")
	void pathThatFailsEverywhereFromTimeToTimeEjectsNone(LoadMetric metric) {
		AtomicInteger exports = new AtomicInteger();
		Backend backend = (now, random) -> (random.nextInt(10) == 0 && exports.getAndIncrement() % (2 * RUN) < RUN)
				? Reply.failure(0.001) : WORKING.reply(now, random);
		assertThat(ejections(metric, CALLERS, 4, backend)).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("metrics")
	void pathThatFailsEverywhereEjectsNone(LoadMetric metric) {
		Backend backend = (now, random) -> (random.nextInt(10) == 0) ? Reply.failure(0.001)
				: WORKING.reply(now, random);
		for (int backends = 2; backends <= 4; backends++) {
			assertThat(ejections(metric, CALLERS, backends, backend)).as(backends + " backends").isEmpty();
		}
	}

	private static List<String> ejections(LoadMetric metric, int callers, int backends, Backend backend) {
		FaultScenario scenario = FaultScenario.of(Collections.nCopies(backends, backend), 0, 0, 1);
		return FaultSimulation.pool(scenario, callers, CALLS, 1, (builder) -> builder.loadMetric(metric)).end.events()
			.latest()
			.stream()
			.map(PoolSnapshot.CountedEvent::event)
			.filter((event) -> event.type() == Type.EJECTED)
			.map(PoolEvent::message)
			.toList();
	}

	@ParameterizedTest
	@CsvSource({ "1, 2", "1, 3", "1, 4", "20, 2", "20, 3", "20, 4" })
	void backendThatFailsEverythingIsEjectedAfterTenCalls(int callers, int count) {
		List<Backend> backends = new ArrayList<>(Collections.nCopies(count, WORKING));
		AtomicInteger failed = new AtomicInteger();
		backends.set(0, (now, random) -> {
			failed.getAndIncrement();
			return Reply.failure(0.05);
		});
		FaultScenario scenario = FaultScenario.of(backends, 0, 0, 1);
		CallLog log = FaultSimulation.pool(scenario, callers, 400, 1,
				(builder) -> builder.loadMetric(LoadMetric.constant()));
		assertThat(log.end.totals().ejections()).isPositive();
		assertThat(failed.get()).isLessThanOrEqualTo(10 + callers);
	}

	/** One of ten backends fails four of ten calls. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void lowSuccessRateEjectsBackend(long seed) {
		List<Backend> backends = new ArrayList<>(Collections.nCopies(10, WORKING));
		backends.set(0, (now, random) -> (random.nextInt(10) < 4) ? Reply.failure(0.05) : WORKING.reply(now, random));
		FaultScenario scenario = FaultScenario.of(backends, 1000, 20, 1);
		CallLog log = FaultSimulation.pool(scenario, seed, (builder) -> builder.loadMetric(LoadMetric.constant())
			.outlierDetection((detection) -> detection.consecutiveFailures(0)));
		assertThat(log.end.totals().ejections()).isPositive();
		assertThat(log.count(Result.FAILED, 0, 20)).as("failed calls, 800 without ejections").isLessThan(400);
	}

	static Stream<LoadMetric> metrics() {
		return Stream.of(LoadMetric.peakEwma(), LoadMetric.pendingRequests(), LoadMetric.constant());
	}

}
