package dev.servicepool.internal.leak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LeaseTracker}.
 */
class LeaseTrackerTests {

	private final LeaseTracker leaseTracker = new LeaseTracker();

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void orderIsKeptWhicheverLeaseEnds(long seed) {
		Random random = new Random(seed);
		List<LeaseRecord> expected = new ArrayList<>();
		for (int step = 0; step < 1000; step++) {
			if (expected.isEmpty() || random.nextInt(10) < 5) {
				LeaseRecord acquired = new LeaseRecord(step, null);
				this.leaseTracker.add(acquired);
				expected.add(acquired);
			}
			else {
				LeaseRecord ended = expected.remove(random.nextInt(expected.size()));
				assertThat(this.leaseTracker.remove(ended)).isEqualTo(ended.suspected);
				assertThat(ended).as("references no other record")
					.hasFieldOrPropertyWithValue("older", null)
					.hasFieldOrPropertyWithValue("newer", null);
			}
			assertThat(this.leaseTracker.oldest()).isSameAs(expected.isEmpty() ? null : expected.get(0));
			if (random.nextInt(20) == 0) {
				assertReported(expected, random.nextInt(step + 1), step);
			}
		}
		assertReported(expected, 0, 1000);
	}

	/** Assert that leases of at least an age are reported once, oldest first. */
	private void assertReported(List<LeaseRecord> active, long age, long now) {
		List<LeaseRecord> expected = active.stream()
			.filter((record) -> now - record.since >= age && !record.suspected)
			.toList();
		assertThat(this.leaseTracker.markSuspected(age, now)).containsExactlyElementsOf(expected);
		assertThat(this.leaseTracker.markSuspected(age, now)).isEmpty();
	}

}
