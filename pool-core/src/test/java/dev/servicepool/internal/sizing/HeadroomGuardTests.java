package dev.servicepool.internal.sizing;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When the guard allows a removal, and how regretted removals change the window. The
 * configured window is 100 ns.
 */
class HeadroomGuardTests {

	private final long start = Long.MAX_VALUE - 250;

	private final HeadroomGuard guard = new HeadroomGuard(100, this.start);

	@Test
	void removalIsAllowedWhenPeakOfWindowFits() {
		this.guard.history().observe(35, this.start);
		this.guard.history().observe(0, this.start);
		assertThat(this.guard.allowsRemoval(34, this.start + 100)).isFalse();
		assertThat(this.guard.allowsRemoval(35, this.start + 100)).isTrue();
		assertThat(this.guard.allowsRemoval(34, this.start + 110)).as("one slice later").isTrue();
	}

	@Test
	void zeroWindowDisablesGuard() {
		HeadroomGuard off = new HeadroomGuard(0, this.start);
		off.history().observe(1000, this.start);
		assertThat(off.isOn()).isFalse();
		assertThat(off.allowsRemoval(0, this.start)).isTrue();
		off.removed(this.start);
		off.scaledUp(this.start + 1);
		assertThat(off.window(this.start + 1)).isZero();
	}

	@Test
	void removalRegrettedWithinThreeWindowsDoublesWindow() {
		this.guard.removed(this.start);
		this.guard.scaledUp(this.start + 300);
		assertThat(this.guard.window(this.start + 300)).isEqualTo(200);
	}

	@Test
	void removalIsRegrettedOnlyOnce() {
		this.guard.removed(this.start);
		this.guard.scaledUp(this.start + 10);
		this.guard.scaledUp(this.start + 20);
		assertThat(this.guard.window(this.start + 20)).isEqualTo(200);
	}

	@Test
	void scaleUpAfterThreeWindowsIsNoRegret() {
		this.guard.removed(this.start);
		this.guard.scaledUp(this.start + 301);
		assertThat(this.guard.window(this.start + 301)).isEqualTo(100);
	}

	@Test
	void windowDoublesUpToEightfold() {
		long now = regret(this.start, 3);
		assertThat(this.guard.window(now)).isEqualTo(800);
		now = regret(now, 1);
		assertThat(this.guard.window(now)).isEqualTo(800);
	}

	@Test
	void unregrettedRemovalHalvesWindowDownToConfiguredOne() {
		long now = regret(this.start, 2);
		this.guard.removed(now);
		assertThat(this.guard.window(now + 1200)).isEqualTo(400);
		assertThat(this.guard.window(now + 1201)).isEqualTo(200);
		assertThat(this.guard.window(now + 10_000)).as("window is halved once for each removal").isEqualTo(200);
		this.guard.removed(now + 10_000);
		assertThat(this.guard.window(now + 10_601)).isEqualTo(100);
		this.guard.removed(now + 20_000);
		assertThat(this.guard.window(now + 30_000)).isEqualTo(100);
	}

	@Test
	void longerWindowLooksFurtherBack() {
		this.guard.history().observe(35, this.start);
		this.guard.history().observe(0, this.start);
		this.guard.removed(this.start);
		this.guard.scaledUp(this.start + 1);
		assertThat(this.guard.allowsRemoval(34, this.start + 200)).isFalse();
		assertThat(this.guard.peak(this.start + 200)).isEqualTo(35);
		assertThat(this.guard.allowsRemoval(34, this.start + 210)).isTrue();
	}

	@Test
	void longestWindowDoesNotOverflow() {
		HeadroomGuard longest = new HeadroomGuard(Long.MAX_VALUE / 4, this.start);
		longest.removed(this.start);
		longest.scaledUp(this.start + 1);
		longest.removed(this.start + 2);
		longest.scaledUp(this.start + 3);
		longest.history().observe(5, this.start + 3);
		assertThat(longest.window(this.start + 3)).isPositive();
		assertThat(longest.allowsRemoval(4, this.start + 4)).isFalse();
	}

	private long regret(long from, int times) {
		long now = from;
		for (int i = 0; i < times; i++) {
			this.guard.removed(now);
			this.guard.scaledUp(++now);
		}
		return now;
	}

}
