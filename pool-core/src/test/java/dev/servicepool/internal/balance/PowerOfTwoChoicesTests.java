package dev.servicepool.internal.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Power of two choices, and the set of ready candidates.
 */
class PowerOfTwoChoicesTests {

	private final ReadySet<FakeCandidate> set = new ReadySet<>();

	private final PowerOfTwoChoices<FakeCandidate> choices = new PowerOfTwoChoices<>(this.set, new Random(7), 0.9);

	@Test
	void picksLowerLoadOfTwo() {
		FakeCandidate loaded = add(2);
		FakeCandidate idle = add(1);
		for (int i = 0; i < 1000; i++) {
			assertThat(this.choices.pick(0)).isSameAs(idle);
		}
		assertThat(loaded.compared).as("comparisons: each pick compares both candidates").isEqualTo(1000);
	}

	@Test
	void neverPicksCandidateThatIsNotReady() {
		List<FakeCandidate> all = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			all.add(add(i));
		}
		all.get(0).ready = false;
		all.get(1).ready = false;
		for (int i = 0; i < 1000; i++) {
			FakeCandidate picked = this.choices.pick(0);
			assertThat(picked).isNotNull();
			assertThat(picked.ready).isTrue();
		}
	}

	@Test
	void similarLoadsSpreadEvenly() {
		FakeCandidate first = add(1);
		add(1.09);
		int picks = 0;
		for (int i = 0; i < 10_000; i++) {
			picks += (this.choices.pick(0) == first) ? 1 : 0;
		}
		assertThat(picks).isBetween(4_500, 5_500);
	}

	@Test
	void openConnectionIsReused() {
		FakeCandidate first = add(3);
		add(1).opensConnection = true;
		for (int i = 0; i < 1000; i++) {
			assertThat(this.choices.pick(0)).isSameAs(first);
		}
	}

	@Test
	void muchLowerLoadMattersMoreThanConnection() {
		add(3.1);
		FakeCandidate second = add(1);
		second.opensConnection = true;
		for (int i = 0; i < 1000; i++) {
			assertThat(this.choices.pick(0)).isSameAs(second);
		}
	}

	@Test
	void connectionToOtherServerDoesNotMatter() {
		add(3).server = 2;
		FakeCandidate second = add(1);
		second.opensConnection = true;
		for (int i = 0; i < 1000; i++) {
			assertThat(this.choices.pick(0)).isSameAs(second);
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
			picks[all.indexOf(this.choices.pick(0))]++;
		}
		for (int count : picks) {
			assertThat(count).isBetween(9_500, 10_500);
		}
	}

	@Test
	void picksNothingWhenNoneIsReady() {
		assertThat(this.choices.pick(0)).isNull();
		add(1).ready = false;
		assertThat(this.choices.pick(0)).isNull();
	}

	@Test
	void setContainsAddedAndNotRemovedCandidates() {
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
		List<FakeCandidate> remaining = new ArrayList<>();
		for (int index = 0; index < this.set.size(); index++) {
			remaining.add(this.set.get(index));
		}
		assertThat(remaining).containsExactlyInAnyOrderElementsOf(model);
	}

	private FakeCandidate add(double load) {
		FakeCandidate candidate = new FakeCandidate(load);
		this.set.add(candidate);
		return candidate;
	}

	private static final class FakeCandidate extends Candidate {

		final double load;

		boolean ready = true;

		boolean opensConnection;

		int server = 1;

		int compared;

		FakeCandidate(double load) {
			this.load = load;
		}

		@Override
		protected boolean isReady() {
			return this.ready;
		}

		@Override
		protected boolean opensConnection() {
			return this.opensConnection;
		}

		@Override
		protected boolean hasSameServer(Candidate other) {
			return ((FakeCandidate) other).server == this.server;
		}

		@Override
		protected double load(long now) {
			this.compared++;
			return this.load;
		}

	}

}
