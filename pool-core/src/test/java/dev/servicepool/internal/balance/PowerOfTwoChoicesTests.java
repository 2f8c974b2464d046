package dev.servicepool.internal.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Power of two choices, and the set that it draws from.
 */
class PowerOfTwoChoicesTests {

	private final ReadySet<FakeCandidate> set = new ReadySet<>();

	private final PowerOfTwoChoices<FakeCandidate> candidates = new PowerOfTwoChoices<>(this.set, new Random(7));

	@Test
	void picksTheLowerLoadOfTwo() {
		FakeCandidate heavy = add(2);
		FakeCandidate light = add(1);
		for (int i = 0; i < 1000; i++) {
			assertThat(this.candidates.pick(0)).isSameAs(light);
		}
		assertThat(heavy.compared).as("never the same twice: each pick compares both").isEqualTo(1000);
	}

	@Test
	void neverPicksOneThatIsNotReady() {
		List<FakeCandidate> all = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			all.add(add(i));
		}
		all.get(0).ready = false;
		all.get(1).ready = false;
		for (int i = 0; i < 1000; i++) {
			FakeCandidate picked = this.candidates.pick(0);
			assertThat(picked).isNotNull();
			assertThat(picked.ready).isTrue();
		}
	}

	@Test
	void equalLoadsSpreadEvenly() {
		List<FakeCandidate> all = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			all.add(add(1));
		}
		int[] picks = new int[5];
		for (int i = 0; i < 50_000; i++) {
			picks[all.indexOf(this.candidates.pick(0))]++;
		}
		for (int count : picks) {
			assertThat(count).isBetween(9_500, 10_500);
		}
	}

	@Test
	void picksNothingWhereNothingIsReady() {
		assertThat(this.candidates.pick(0)).isNull();
		add(1).ready = false;
		assertThat(this.candidates.pick(0)).isNull();
	}

	@Test
	void theSetHoldsWhatWasAddedAndNotRemoved() {
		Random random = new Random(3);
		List<FakeCandidate> model = new ArrayList<>();
		for (int step = 0; step < 20_000; step++) {
			if (model.isEmpty() || random.nextInt(100) < 51) {
				model.add(add(step));
			}
			else {
				FakeCandidate removed = model.remove(random.nextInt(model.size()));
				this.set.remove(removed);
				this.set.remove(removed);
				assertThat(removed.isListed()).isFalse();
			}
			assertThat(this.set.size()).isEqualTo(model.size());
		}
		this.set.removeIf((candidate) -> candidate.load % 2 == 0);
		model.removeIf((candidate) -> candidate.load % 2 == 0);
		List<FakeCandidate> left = new ArrayList<>();
		for (int index = 0; index < this.set.size(); index++) {
			left.add(this.set.get(index));
		}
		assertThat(left).containsExactlyInAnyOrderElementsOf(model);
	}

	private FakeCandidate add(double load) {
		FakeCandidate candidate = new FakeCandidate(load);
		this.set.add(candidate);
		return candidate;
	}

	private static final class FakeCandidate extends Candidate {

		final double load;

		boolean ready = true;

		int compared;

		FakeCandidate(double load) {
			this.load = load;
		}

		@Override
		protected boolean isReady() {
			return this.ready;
		}

		@Override
		protected double load(long now) {
			this.compared++;
			return this.load;
		}

	}

}
