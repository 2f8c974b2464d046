package dev.servicepool;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When the ready samples that services have counted are taken in.
 */
class SampleBudgetTests {

	private static final long ANY_NUMBER = Long.MAX_VALUE;

	private List<Permits> services = services(1);

	private final Random random = new Random(11);

	@Test
	void asManyAsAreAllowedPassOneServiceAndTheNextHasThemTakenIn() {
		SampleBudget counter = new SampleBudget(0, 0);
		for (int round = 0; round < 3; round++) {
			allow(counter, 8);
			assertThat(passUntilDue(counter)).isEqualTo(8);
			assertThat(collectSamples(counter, 0)).isEqualTo(9);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 8, 100, 1000 })
	void noMorePassThanAreAllowedAndNotManyFewer(int number) {
		this.services = services(number);
		SampleBudget counter = new SampleBudget(0, 0);
		for (int round = 0; round < 1000; round++) {
			int allowed = this.random.nextInt(300);
			allow(counter, allowed);
			int passed = passUntilDue(counter);
			assertThat(passed).isBetween(allowed - allowed / 4 - 1, allowed);
			assertThat(collectSamples(counter, 0)).isEqualTo(passed + 1);
		}
	}

	@Test
	void whatWasAllowedLeavesNothingOver() {
		this.services = services(4);
		SampleBudget counter = new SampleBudget(0, 0);
		allow(counter, 256);
		passUntilDue(counter);
		collectSamples(counter, 0);
		allow(counter, 0);
		for (Permits service : this.services) {
			assertThat(isDue(counter, service)).isTrue();
		}
	}

	@Test
	void aServiceThatOpensAsksForItsShare() {
		SampleBudget counter = new SampleBudget(0, 0);
		allow(counter, 0);
		Permits opened = new Permits(1);
		opened.acquire();
		opened.release();
		opened.open();
		assertThat(isDue(counter, opened)).isTrue();
		allow(counter, 1);
		assertThat(isDue(counter, opened)).isFalse();
		assertThat(isDue(counter, opened)).isTrue();
	}

	@Test
	void anyNumberMeansThatNobodyAsksAgain() {
		SampleBudget counter = new SampleBudget(1, 0);
		allow(counter, ANY_NUMBER, false);
		for (int i = 0; i < 100_000; i++) {
			assertThat(isDue(counter, this.services.get(0))).isFalse();
		}
		collectSamples(counter, 0);
		assertThat(counter.allow(ANY_NUMBER, false, 1)).as("nothing has to be given back").isFalse();
	}

	@Test
	void whereTheDemandIsWatchedItIsLookedAtOncePerInterval() {
		long interval = 1000;
		long callEach = 10;
		SampleBudget counter = new SampleBudget(interval, 0);
		long now = 0;
		int passed = 0;
		for (int round = 0; round < 20; round++) {
			allow(counter, ANY_NUMBER, true);
			passed = passUntilDue(counter) + 1;
			now += passed * callEach;
			collectSamples(counter, now);
		}
		assertThat(passed * callEach).isBetween(interval * 3 / 4, interval + callEach);
	}

	@Test
	void whereTheDemandIsWatchedItIsLookedAtAfter256RequestsAtLatest() {
		SampleBudget counter = new SampleBudget(ANY_NUMBER, 0);
		int passed = 0;
		for (int round = 0; round < 20; round++) {
			allow(counter, ANY_NUMBER, true);
			passed = passUntilDue(counter);
			collectSamples(counter, round);
		}
		assertThat(passed).isBetween(192, 256);
	}

	private static List<Permits> services(int number) {
		return Stream.generate(() -> new Permits(1)).limit(number).peek(Permits::open).toList();
	}

	private void allow(SampleBudget counter, long allowed) {
		allow(counter, allowed, false);
	}

	private void allow(SampleBudget counter, long allowed, boolean watched) {
		if (counter.allow(allowed, watched, this.services.size())) {
			this.services.forEach((service) -> service.samples.lowerMark());
		}
	}

	private int passUntilDue(SampleBudget counter) {
		int passed = 0;
		while (!isDue(counter, this.services.get(this.random.nextInt(this.services.size())))) {
			passed++;
		}
		return passed;
	}

	private boolean isDue(SampleBudget counter, Permits service) {
		assertThat(service.tryAcquire()).isTrue();
		service.tryRelease();
		return counter.isDue(service);
	}

	private long collectSamples(SampleBudget counter, long now) {
		long samples = this.services.stream().mapToLong(Permits::collectSamples).sum();
		counter.folded(samples, now);
		return samples;
	}

}
