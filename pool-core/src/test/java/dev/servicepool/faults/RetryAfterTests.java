package dev.servicepool.faults;

import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.faults.Call.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * 20 callers, while each second one call receives an error response that asks for a pause
 * of an hour, whichever backend receives it.
 */
class RetryAfterTests {

	private static final int CALLERS = 20;

	private static final int CALLS = 20_000;

	private static final Backend WORKING = Backend.working(0.05);

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void pauseOfOnePathDoesNotAffectOtherCalls(int targets) {
		AtomicInteger second = new AtomicInteger();
		Backend backend = (now, random) -> {
			if (now >= second.get()) {
				second.set((int) now + 1);
				return Reply.pause(0.05, 3600);
			}
			return WORKING.reply(now, random);
		};
		CallLog plain = FaultSimulation.roundRobin(scenario(targets, WORKING), CALLERS, CALLS, 1);
		CallLog pool = FaultSimulation.pool(scenario(targets, backend), CALLERS, CALLS, 1, (builder) -> builder);
		assertThat(pool.count(Result.SUCCEEDED, 0, 40))
			.isGreaterThanOrEqualTo(plain.count(Result.SUCCEEDED, 0, 40) * 95 / 100);
		assertThat(pool.p99(0, 40)).isLessThanOrEqualTo(1.2 * plain.p99(0, 40));
		if (Boolean.getBoolean("figures")) {
			System.out.printf("pause, %d targets: %d calls, plain %d; p99 %.0f ms, plain %.0f ms%n", targets,
					pool.count(Result.SUCCEEDED, 0, 40), plain.count(Result.SUCCEEDED, 0, 40), 1000 * pool.p99(0, 40),
					1000 * plain.p99(0, 40));
		}
	}

	private static FaultScenario scenario(int targets, Backend backend) {
		return FaultScenario.of(Collections.nCopies(targets, backend), 0, 0, 1);
	}

}
