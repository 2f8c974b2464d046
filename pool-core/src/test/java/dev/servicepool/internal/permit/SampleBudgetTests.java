package dev.servicepool.internal.permit;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When the pool must collect the ready samples that its services have counted.
 */
class SampleBudgetTests {

	private static final long UNLIMITED = Long.MAX_VALUE;

	private List<Permits> services = services(1);

	private final Random random = new Random(11);

	@Test
	void nextSampleAfterAllowedNumberIsDue() {
		SampleBudget budget = new SampleBudget(0, 0);
		for (int round = 0; round < 3; round++) {
			allow(budget, 8);
			assertThat(passUntilDue(budget)).isEqualTo(8);
			assertThat(collectSamples(budget, 0)).isEqualTo(9);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 8, 100, 1000 })
	void passedSamplesAreCloseToAllowedNumber(int number) {
		this.services = services(number);
		SampleBudget budget = new SampleBudget(0, 0);
		for (int round = 0; round < 1000; round++) {
			int allowed = this.random.nextInt(300);
			allow(budget, allowed);
			int passed = passUntilDue(budget);
			assertThat(passed).isBetween(allowed - allowed / 4 - 1, allowed);
			assertThat(collectSamples(budget, 0)).isEqualTo(passed + 1);
		}
	}

	@Test
	void unusedSamplesDoNotCarryOver() {
		this.services = services(4);
		SampleBudget budget = new SampleBudget(0, 0);
		allow(budget, 256);
		passUntilDue(budget);
		collectSamples(budget, 0);
		allow(budget, 0);
		for (Permits service : this.services) {
			assertThat(isDue(budget, service)).isTrue();
		}
	}

	@Test
	void openedServiceRequestsItsShare() {
		SampleBudget budget = new SampleBudget(0, 0);
		allow(budget, 0);
		Permits opened = new Permits(1);
		opened.acquire();
		opened.release();
		opened.open();
		assertThat(isDue(budget, opened)).isTrue();
		allow(budget, 1);
		assertThat(isDue(budget, opened)).isFalse();
		assertThat(isDue(budget, opened)).isTrue();
	}

	@Test
	void unlimitedBudgetIsNeverDue() {
		SampleBudget budget = new SampleBudget(1, 0);
		allow(budget, UNLIMITED, false);
		for (int i = 0; i < 100_000; i++) {
			assertThat(isDue(budget, this.services.get(0))).isFalse();
		}
		collectSamples(budget, 0);
		assertThat(budget.allow(UNLIMITED, false, 1)).as("services have to release their batches").isFalse();
	}

	@Test
	void trackedDemandIsObservedOncePerInterval() {
		long interval = 1000;
		long nanosPerCall = 10;
		SampleBudget budget = new SampleBudget(interval, 0);
		long now = 0;
		int passed = 0;
		for (int round = 0; round < 20; round++) {
			allow(budget, UNLIMITED, true);
			passed = passUntilDue(budget) + 1;
			now += passed * nanosPerCall;
			collectSamples(budget, now);
		}
		assertThat(passed * nanosPerCall).isBetween(interval * 3 / 4, interval + nanosPerCall);
	}

	@Test
	void trackedDemandIsObservedAfter256RequestsAtLatest() {
		SampleBudget budget = new SampleBudget(UNLIMITED, 0);
		int passed = 0;
		for (int round = 0; round < 20; round++) {
			allow(budget, UNLIMITED, true);
			passed = passUntilDue(budget);
			collectSamples(budget, round);
		}
		assertThat(passed).isBetween(192, 256);
	}

	private static List<Permits> services(int number) {
		return Stream.generate(() -> new Permits(1)).limit(number).peek(Permits::open).toList();
	}

	private void allow(SampleBudget budget, long allowed) {
		allow(budget, allowed, false);
	}

	private void allow(SampleBudget budget, long allowed, boolean tracked) {
		if (budget.allow(allowed, tracked, this.services.size())) {
			this.services.forEach((service) -> service.samples.lowerMark());
		}
	}

	private int passUntilDue(SampleBudget budget) {
		int passed = 0;
		while (!isDue(budget, this.services.get(this.random.nextInt(this.services.size())))) {
			passed++;
		}
		return passed;
	}

	private boolean isDue(SampleBudget budget, Permits service) {
		assertThat(service.tryAcquire()).isTrue();
		service.tryRelease();
		return budget.isDue(service);
	}

	private long collectSamples(SampleBudget budget, long now) {
		long samples = this.services.stream().mapToLong(Permits::collectSamples).sum();
		budget.samplesAdded(samples, now);
		return samples;
	}

}
