package dev.servicepool.internal.sizing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The history of the demand. A slice is 10 ns long, and the history has ten slices.
 */
class DemandHistoryTests {

	/** Shortly before the clock overflows. */
	private final long start = Long.MAX_VALUE - 35;

	private final DemandHistory history = new DemandHistory(10, 10, this.start);

	@Test
	void beginsWithoutDemand() {
		assertThat(this.history.peak(100, this.start)).isZero();
		assertThat(this.history.fits(0, 100, this.start)).isTrue();
	}

	@Test
	void remembersPeakForWindowAndAtMostOneSliceMore() {
		this.history.observe(7, this.start);
		this.history.observe(0, this.start + 9);
		assertThat(this.history.peak(30, this.start + 30)).isEqualTo(7);
		assertThat(this.history.peak(30, this.start + 39)).isEqualTo(7);
		assertThat(this.history.peak(30, this.start + 40)).isZero();
		assertThat(this.history.peak(40, this.start + 40)).as("peak of a longer window").isEqualTo(7);
	}

	@Test
	void forgetsPeakAfterLongestWindow() {
		this.history.observe(7, this.start);
		this.history.observe(0, this.start);
		assertThat(this.history.peak(100, this.start + 109)).isEqualTo(7);
		assertThat(this.history.peak(100, this.start + 110)).isZero();
		this.history.observe(3, this.start + 1_000_000);
		assertThat(this.history.peak(100, this.start + 1_000_001)).isEqualTo(3);
	}

	@Test
	void demandPersistsUntilNextObservation() {
		this.history.observe(7, this.start);
		assertThat(this.history.peak(30, this.start + 1_000_000)).isEqualTo(7);
		this.history.observe(2, this.start + 1_000_000);
		assertThat(this.history.peak(30, this.start + 1_000_030)).isEqualTo(7);
		assertThat(this.history.peak(30, this.start + 1_000_050)).isEqualTo(2);
	}

	@Test
	void fitsWhenPeakIsAtMostCapacity() {
		this.history.observe(7, this.start + 5);
		this.history.observe(6, this.start + 6);
		assertThat(this.history.fits(7, 100, this.start + 50)).isTrue();
		assertThat(this.history.fits(6, 100, this.start + 50)).isFalse();
	}

	@Test
	void fitsWithoutLimitWhenTwoServicesStayedReady() {
		assertThat(this.history.fits(Long.MAX_VALUE, 30, this.start + 29)).as("history is shorter than the window")
			.isFalse();
		assertThat(this.history.fits(Long.MAX_VALUE, 30, this.start + 30)).isTrue();
		this.history.recordNoSpare(this.start + 40);
		assertThat(this.history.fits(Long.MAX_VALUE, 30, this.start + 69)).isFalse();
		assertThat(this.history.fits(Long.MAX_VALUE, 30, this.start + 70)).isTrue();
	}

	@Test
	void peakIsBetweenExactPeaksOfWindowAndLongerWindow() {
		Random random = new Random(42);
		Deque<Observation> observations = new ArrayDeque<>();
		long now = this.start;
		for (int step = 0; step < 20_000; step++) {
			now += random.nextInt(25);
			int demand = random.nextInt(100);
			this.history.observe(demand, now);
			observations.addLast(new Observation(now, demand));
			long at = now;
			observations.removeIf((each) -> at - each.at() > 300);
			long window = 1 + random.nextInt(100);
			int least = peak(observations, at - window);
			int most = peak(observations, at - window - 20);
			assertThat(this.history.peak(window, now)).isBetween(least, most);
		}
	}

	/** Return the peak demand since a time, including the demand at that time. */
	private static int peak(Deque<Observation> observations, long since) {
		int peak = 0;
		int before = 0;
		for (Observation each : observations) {
			if (each.at() - since < 0) {
				before = each.demand();
			}
			else {
				peak = Math.max(peak, each.demand());
			}
		}
		return Math.max(peak, before);
	}

	private record Observation(long at, int demand) {
	}

}
