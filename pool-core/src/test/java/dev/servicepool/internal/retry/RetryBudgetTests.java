package dev.servicepool.internal.retry;

import java.time.Duration;

import dev.servicepool.Retry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryBudget}.
 */
class RetryBudgetTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	/** The time at the start, which may be any number. */
	private static final long START = Long.MAX_VALUE - 5 * SECOND;

	@Test
	void fixedNumberIsAvailableWithoutCalls() {
		RetryBudget budget = budget(0.2, 1);
		assertThat(taken(budget, 0, START)).isEqualTo(10);
	}

	@Test
	void shareOfFirstAttemptsIsAddedToFixedNumber() {
		RetryBudget budget = budget(0.2, 1);
		assertThat(budget.remaining(1000, START)).as("20% of 1000, and 10 in 10 s").isEqualTo(210);
	}

	@Test
	void furtherAttemptsAddNothingToTheShare() {
		RetryBudget budget = budget(0.2, 0);
		long calls = 1000;
		while (budget.tryTake(calls, START)) {
			calls++;
		}
		assertThat(calls).isEqualTo(1200);
	}

	@Test
	void callsCountForNineSeconds() {
		RetryBudget budget = budget(0.2, 0);
		budget.observe(1000, START);
		assertThat(budget.remaining(1000, START + 8 * SECOND)).isEqualTo(200);
		assertThat(budget.remaining(1000, START + 9 * SECOND)).isZero();
	}

	@Test
	void earlierAttemptsAreNotSubtractedFromLaterCalls() {
		RetryBudget budget = budget(0.2, 10);
		assertThat(taken(budget, 0, START)).isEqualTo(100);
		budget.observe(100, START + 2 * SECOND);
		assertThat(budget.remaining(1100, START + 10 * SECOND)).as("20% of 1000, and 100, of which 100 are taken")
			.isEqualTo(200);
	}

	/** Calls are fewer during an outage than before, because their number varies. */
	@Test
	void shareHoldsForOutageWithFewerCallsThanBefore() {
		RetryBudget budget = budget(0.2, 0);
		long calls = 0;
		for (int tick = 0; tick < 1000; tick++) {
			budget.observe(++calls, START + tick * SECOND / 100);
		}
		long before = calls;
		long taken = 0;
		for (int tick = 0; tick < 900; tick++) {
			long now = START + 10 * SECOND + tick * SECOND / 90;
			calls++;
			while (budget.tryTake(calls, now)) {
				calls++;
				taken++;
			}
		}
		assertThat(calls - before - taken).isEqualTo(900);
		assertThat(taken).isBetween(170L, 180L);
	}

	@Test
	void attemptsCountForElevenSeconds() {
		RetryBudget budget = budget(0, 1);
		assertThat(taken(budget, 0, START)).isEqualTo(10);
		assertThat(taken(budget, 0, START + 10 * SECOND)).isZero();
		assertThat(taken(budget, 0, START + 11 * SECOND)).isEqualTo(10);
	}

	@Test
	void attemptsOfLaterSlotsCountLonger() {
		RetryBudget budget = budget(0, 1);
		for (int second = 0; second < 10; second++) {
			assertThat(budget.tryTake(0, START + second * SECOND)).isTrue();
		}
		assertThat(taken(budget, 0, START + 10 * SECOND)).isZero();
		for (int second = 11; second < 21; second++) {
			assertThat(taken(budget, 0, START + second * SECOND)).as("second %d", second).isEqualTo(1);
		}
	}

	@Test
	void attemptThatIsNotMadeIsPutBack() {
		RetryBudget budget = budget(0, 1);
		taken(budget, 0, START);
		budget.putBack();
		assertThat(taken(budget, 0, START)).isEqualTo(1);
	}

	@Test
	void budgetOfZeroAllowsNothing() {
		assertThat(taken(budget(0, 0), 1000, START)).isZero();
	}

	@Test
	void readingTheRemainderChangesNothing() {
		RetryBudget budget = budget(0, 11);
		for (int second = 0; second < 100; second++) {
			budget.remaining(0, START + second * SECOND);
		}
		assertThat(taken(budget, 0, START)).isEqualTo(110);
	}

	private static RetryBudget budget(double ratio, int perSecond) {
		return new RetryBudget(new Retry.Budget(ratio, perSecond), START);
	}

	/** Take all attempts that the budget allows now. */
	private static long taken(RetryBudget budget, long calls, long now) {
		long taken = 0;
		while (budget.tryTake(calls, now)) {
			taken++;
		}
		return taken;
	}

}
