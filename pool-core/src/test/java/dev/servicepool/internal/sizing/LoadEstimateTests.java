package dev.servicepool.internal.sizing;

import dev.servicepool.LoadLevel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * The values of the load estimate.
 */
class LoadEstimateTests {

	private final LoadEstimate estimate = new LoadEstimate(0.1, 0.00001, 0.2, 0.03);

	@Test
	void fourthConsecutivePendingSampleIsHighAndClamped() {
		double[] trace = { 0.127, 0.15319, 0.1785943, 0.203236471 };
		for (int sample = 0; sample < trace.length; sample++) {
			LoadLevel level = this.estimate.pending();
			assertThat(this.estimate.unclampedValue()).isCloseTo(trace[sample], within(1e-12));
			assertThat(level).isEqualTo((sample < 3) ? LoadLevel.NORMAL : LoadLevel.HIGH);
		}
		assertThat(this.estimate.value()).isEqualTo(0.2);
	}

	@Test
	void loadLevelIsLowAfter303ConsecutiveReadySamples() {
		for (int sample = 1; sample <= 302; sample++) {
			assertThat(this.estimate.ready(1)).isEqualTo(LoadLevel.NORMAL);
		}
		assertThat(this.estimate.ready(1)).isEqualTo(LoadLevel.LOW);
		this.estimate.reset();
		assertThat(this.estimate.value()).isEqualTo(0.1);
		assertThat(this.estimate.level()).isEqualTo(LoadLevel.NORMAL);
	}

	@Test
	void batchOfReadySamplesEqualsSingleSamples() {
		LoadEstimate other = new LoadEstimate(0.1, 0.00001, 0.2, 0.03);
		for (int sample = 0; sample < 250; sample++) {
			other.ready(1);
		}
		this.estimate.ready(250);
		assertThat(this.estimate.value()).isCloseTo(other.value(), within(1e-15));
	}

	@Test
	void readiesBeforeLowNeverExceedsActualNumber() {
		for (int start = 0; start < 302; start++) {
			LoadEstimate other = new LoadEstimate(0.1, 0.00001, 0.2, 0.03);
			other.ready(start);
			assertThat(other.readySamplesBeforeLow()).isBetween(Math.max(0, 300L - start), 302L - start);
		}
	}

	@Test
	void readiesBeforeLowIsUnlimitedWhenLowIsImpossible() {
		assertThat(new LoadEstimate(0.1, 0, 0.2, 1).readySamplesBeforeLow()).isEqualTo(Long.MAX_VALUE);
		assertThat(new LoadEstimate(0.1, 0.01, 0.2, 0).readySamplesBeforeLow()).isEqualTo(Long.MAX_VALUE);
		assertThat(new LoadEstimate(0.1, 0.01, 0.2, 1).readySamplesBeforeLow()).isZero();
	}

}
