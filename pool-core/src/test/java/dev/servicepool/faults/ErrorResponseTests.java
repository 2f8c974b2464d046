package dev.servicepool.faults;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.servicepool.Outcome;
import dev.servicepool.PoolBuilder;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Three backends and 20 callers that call repeatedly. An error response that arrives
 * within 1 ms must not attract calls.
 */
@Tag("slow")
class ErrorResponseTests {

	private static final int CALLERS = 20;

	private static final int CALLS = 30_000;

	private static final Backend WORKING = Backend.working(0.05);

	private static final Backend CONSTANT = (now, random) -> Reply.response(0.05);

	@ParameterizedTest
	@MethodSource("metrics")
	void fastErrorsAttractNoCalls(LoadMetric metric) {
		Backend failing = (now, random) -> Reply.error(0.001, false);
		assertThat(share(metric, failing, CONSTANT, CONSTANT)).isCloseTo(33.3, within(3.0));
		assertThat(share(metric, failing, WORKING, WORKING)).isCloseTo(33.3, within(5.0));
	}

	@ParameterizedTest
	@MethodSource("metrics")
	void backendThatBeginsToRespondWithErrorsGetsItsShare(LoadMetric metric) {
		Backend failing = WORKING.except(Reply.error(0.001, false), 10, 1000);
		assertThat(share(metric, failing, WORKING, WORKING)).isCloseTo(33.3, within(5.0));
	}

	@ParameterizedTest
	@MethodSource("metrics")
	void fastFailuresReceiveFewCalls(LoadMetric metric) {
		Backend failing = (now, random) -> Reply.error(0.001, true);
		assertThat(share(metric, failing, CONSTANT, CONSTANT)).isLessThan(5);
	}

	@Test
	void fastFailuresReceiveFewCallsWithConstantMetric() {
		Backend failing = (now, random) -> Reply.error(0.001, true);
		assertThat(share(LoadMetric.constant(), failing, CONSTANT, CONSTANT)).isLessThan(5);
	}

	@ParameterizedTest
	@MethodSource("metrics")
	void missingPathChangesNoShare(LoadMetric metric) {
		for (Backend first : List.of(WORKING, Backend.working(0.1))) {
			double share = share(metric, first, WORKING, WORKING);
			double withErrors = share(metric, missingPath(first), missingPath(WORKING), missingPath(WORKING));
			assertThat(withErrors).isCloseTo(share, within(share * 0.05));
		}
	}

	/**
	 * The first response of each backend is slow, because a connection is established.
	 */
	@Test
	void equalBackendsShareCallsOfOneCaller() {
		List<Backend> backends = List.of(slowFirst(), slowFirst());
		FaultScenario scenario = FaultScenario.of(backends, 0, 0, 1);
		for (long seed = 1; seed <= 5; seed++) {
			CallLog log = FaultSimulation.pool(scenario, 1, 200, seed, (builder) -> builder);
			assertThat(log.percentTo(0, Double.POSITIVE_INFINITY, 0)).as("seed %d", seed).isBetween(30.0, 70.0);
		}
	}

	private static Backend slowFirst() {
		AtomicInteger calls = new AtomicInteger();
		return (now, random) -> Reply.response((calls.getAndIncrement() == 0) ? 0.1 : 0.02);
	}

	/** Return a backend that responds to one call of ten with a fast error. */
	private static Backend missingPath(Backend backend) {
		return (now, random) -> (random.nextInt(10) == 0) ? Reply.error(0.001, false) : backend.reply(now, random);
	}

	static Stream<LoadMetric> metrics() {
		return Stream.of(LoadMetric.peakEwma(), LoadMetric.pendingRequests());
	}

	/** Return the share of calls that the first backend receives, in percent. */
	private static double share(LoadMetric metric, Backend... backends) {
		FaultScenario scenario = FaultScenario.of(List.of(backends), 0, 0, 1);
		UnaryOperator<PoolBuilder> options = (builder) -> builder.loadMetric(metric)
			.failureClassifier((failure) -> Outcome.SERVER_ERROR);
		double share = FaultSimulation.pool(scenario, CALLERS, CALLS, 1, options)
			.percentTo(0, Double.POSITIVE_INFINITY, 0);
		if (Boolean.getBoolean("figures")) {
			System.out.printf("error responses, %s: %.1f %% of the calls%n", metric, share);
		}
		return share;
	}

}
