package dev.servicepool.sizing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The demand of the recent past. Slices are 10 ns long, and ten of them are remembered.
 */
class DemandHistoryTests {

	/** Close to the overflow of the clock. */
	private final long start = Long.MAX_VALUE - 35;

	private final DemandHistory history = new DemandHistory(10, 10, this.start);

	@Test
	void beginsWithoutDemand() {
		assertThat(this.history.peak(100, this.start)).isZero();
		assertThat(this.history.fits(0, 100, this.start)).isTrue();
	}

	@Test
	void remembersAPeakForTheWindowAndAtMostOneSliceMore() {
		this.history.observe(7, this.start);
		this.history.observe(0, this.start + 9);
		assertThat(this.history.peak(30, this.start + 30)).isEqualTo(7);
		assertThat(this.history.peak(30, this.start + 39)).isEqualTo(7);
		assertThat(this.history.peak(30, this.start + 40)).isZero();
		assertThat(this.history.peak(40, this.start + 40)).as("a longer window still has it").isEqualTo(7);
	}

	@Test
	void forgetsEverythingInTheEnd() {
		this.history.observe(7, this.start);
		this.history.observe(0, this.start);
		assertThat(this.history.peak(100, this.start + 109)).isEqualTo(7);
		assertThat(this.history.peak(100, this.start + 110)).isZero();
		this.history.observe(3, this.start + 1_000_000);
		assertThat(this.history.peak(100, this.start + 1_000_001)).isEqualTo(3);
	}

	@Test
	void whileNobodyLooksTheDemandGoesOnAsItWas() {
		this.history.observe(7, this.start);
		assertThat(this.history.peak(30, this.start + 1_000_000)).isEqualTo(7);
		this.history.observe(2, this.start + 1_000_000);
		assertThat(this.history.peak(30, this.start + 1_000_030)).isEqualTo(7);
		assertThat(this.history.peak(30, this.start + 1_000_050)).isEqualTo(2);
	}

	@Test
	void fitsIfThePeakIsNotAboveTheCapacity() {
		this.history.observe(7, this.start + 5);
		this.history.observe(6, this.start + 6);
		assertThat(this.history.fits(7, 100, this.start + 50)).isTrue();
		assertThat(this.history.fits(6, 100, this.start + 50)).isFalse();
	}

	@Test
	void withoutALimitItFitsIfNobodyFoundFewerThanTwoReady() {
		assertThat(this.history.fits(Long.MAX_VALUE, 30, this.start + 29)).as("too early to tell").isFalse();
		assertThat(this.history.fits(Long.MAX_VALUE, 30, this.start + 30)).isTrue();
		this.history.tight(this.start + 40);
		assertThat(this.history.fits(Long.MAX_VALUE, 30, this.start + 69)).isFalse();
		assertThat(this.history.fits(Long.MAX_VALUE, 30, this.start + 70)).isTrue();
	}

	@Test
	void neverTellsLessThanThePeakOfTheWindowNorMoreThanThatOfOneSliceMore() {
		Random random = new Random(42);
		Deque<Seen> seen = new ArrayDeque<>();
		long now = this.start;
		for (int step = 0; step < 20_000; step++) {
			now += random.nextInt(25);
			int demand = random.nextInt(100);
			this.history.observe(demand, now);
			seen.addLast(new Seen(now, demand));
			long at = now;
			seen.removeIf((each) -> at - each.at() > 300);
			long window = 1 + random.nextInt(100);
			int least = peak(seen, at - window);
			int most = peak(seen, at - window - 20);
			assertThat(this.history.peak(window, now)).isBetween(least, most);
		}
	}

	/** Return the greatest demand since a time, that which went on then included. */
	private static int peak(Deque<Seen> seen, long since) {
		int peak = 0;
		int before = 0;
		for (Seen each : seen) {
			if (each.at() - since < 0) {
				before = each.demand();
			}
			else {
				peak = Math.max(peak, each.demand());
			}
		}
		return Math.max(peak, before);
	}

	private record Seen(long at, int demand) {
	}

}
