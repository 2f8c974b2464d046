package dev.servicepool.faults;

import java.util.Collections;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.servicepool.Outcome;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.faults.Call.Result;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * The number of requests that reach servers while all of them fail, if calls are repeated
 * and have deadlines.
 */
@Tag("slow")
class RetryStormTests {

	private static final Backend WORKING = Backend.working(0.02);

	/** All servers fail from the 10th to the 20th second, at 1,000 calls per second. */
	@ParameterizedTest
	@MethodSource("failures")
	void fewRepeatedRequestsReachFailingServers(String name, Reply reply, long seed) {
		FaultScenario scenario = FaultScenario.of(Collections.nCopies(4, WORKING.except(reply, 10, 20)), 1000, 40, 1);
		CallLog pool = FaultSimulation.pool(scenario, CallPolicy.RETRY, seed, RetryStormTests::lostConnections);
		CallLog retryable = FaultSimulation.retryable(scenario, seed);
		double factor = (double) pool.requests(10, 20) / pool.count(10, 20);
		double plain = (double) retryable.requests(10, 20) / retryable.count(10, 20);
		report("storm", seed, "%s: %.3f requests per call, @Retryable %.2f; 1 s after recovery %.2f %% succeed", name,
				factor, plain, pool.successPercent(21, 40));
		assertThat(pool.requests(10, 20)).as("1.2 times the calls, and 10 per second")
			.isLessThanOrEqualTo(pool.count(10, 20) * 12 / 10 + 10 * 10);
		assertThat(pool.requests(10, 20)).as("some requests are repeated").isGreaterThan(pool.count(10, 20));
		assertThat(pool.successPercent(21, 40)).isGreaterThanOrEqualTo(99.9);
		assertThat(plain).as("requests per call of @Retryable").isGreaterThan(3);
		assertNothingLeaks(pool);
	}

	static Stream<Arguments> failures() {
		return LongStream.rangeClosed(1, 5)
			.boxed()
			.flatMap((seed) -> Stream.of(Arguments.of("status 503", Reply.error(0.002, true), seed),
					Arguments.of("reset", Reply.failure(0.002), seed)));
	}

	private static PoolBuilder lostConnections(PoolBuilder builder) {
		return builder.failureClassifier((failure) -> Outcome.CONNECTION_LOST);
	}

	/** The traffic is five times the capacity, and the deadline is 200 ms. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void noCallOutlivesItsDeadlineUnderOverload(long seed) {
		double deadline = 0.2;
		FaultScenario scenario = FaultScenario.of(Collections.nCopies(4, Backend.working(0.05)), 2000, 20, 10)
			.bounded(5, 20);
		CallLog pool = FaultSimulation.pool(scenario, new CallPolicy(1, deadline), seed, (builder) -> builder);
		double[] elapsed = pool.calls().mapToDouble(Call::elapsed).sorted().toArray();
		double p99 = elapsed[elapsed.length * 99 / 100];
		report("deadline", seed, "p99 of all calls %.1f ms, maximum %.1f ms; %d of %d succeed", 1000 * p99,
				1000 * elapsed[elapsed.length - 1], pool.count(Result.SUCCEEDED, 0, 20), pool.size());
		assertThat(p99).isLessThanOrEqualTo(1.01 * deadline);
		assertThat(pool.calls().filter((call) -> call.requests > 0)).isNotEmpty()
			.allSatisfy((call) -> assertThat(call.waited()).isLessThan(deadline));
		assertThat(pool.count(Result.SUCCEEDED, 5, 20)).as("served calls").isCloseTo(15 * 400, within(15 * 400 / 3L));
		assertThat(pool.end.load().inFlight()).isZero();
	}

	private static void assertNothingLeaks(CallLog pool) {
		PoolSnapshot end = pool.end;
		assertThat(pool.count(Result.OPEN, 0, 1000)).isZero();
		assertThat(end.load().inFlight()).isZero();
		assertThat(end.load().waiting()).isZero();
		PoolSnapshot.Calls calls = end.totals().calls();
		assertThat(calls.succeeded() + calls.failed() + calls.rejected() + calls.timedOut()).isEqualTo(pool.size());
	}

	private static void report(String scenario, long seed, String format, Object... arguments) {
		if (Boolean.getBoolean("figures")) {
			System.out.printf("%s, seed %d: %s%n", scenario, seed, String.format(format, arguments));
		}
	}

}
