package dev.servicepool.load;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * The load scores of the peak EWMA metric. Times are in nanoseconds.
 */
class PeakEwmaTests {

	private static final long MILLI = 1_000_000;

	private final long start = Long.MAX_VALUE - 50 * MILLI;

	@Test
	void unusedEstimateDecays() {
		PeakEwmaTracker loadTracker = new PeakEwmaTracker(1e9, 10 * MILLI, this.start);
		assertThat(loadTracker.latency(this.start + 100 * MILLI)).isBetween(9.0 * MILLI, 10.0 * MILLI);
	}

	@Test
	void pendingRequestsRaiseLoadScore() {
		PeakEwmaTracker loadTracker = new PeakEwmaTracker(1e9, 10 * MILLI, this.start);
		assertThat(nanos(loadTracker.load(this.start, 2))).isCloseTo(30.0 * MILLI, within(10.0));
	}

	@Test
	void slowerResponseReplacesEstimateImmediately() {
		PeakEwmaTracker loadTracker = new PeakEwmaTracker(10e9, 20 * MILLI, this.start);
		loadTracker.started(this.start);
		loadTracker.completed(this.start, this.start + 200 * MILLI, LoadTracker.Outcome.RESPONDED);
		assertThat(loadTracker.latency(this.start + 200 * MILLI)).isCloseTo(200.0 * MILLI, within(100.0));
	}

	@Test
	void fasterResponseDecaysEstimateByElapsedTime() {
		PeakEwmaTracker loadTracker = new PeakEwmaTracker(1e9, 20 * MILLI, this.start);
		long end = this.start + 500 * MILLI;
		loadTracker.started(end - 5 * MILLI);
		loadTracker.completed(end - 5 * MILLI, end, LoadTracker.Outcome.RESPONDED);
		double weight = Math.exp(-0.5);
		assertThat(loadTracker.latency(end)).isCloseTo((20 * weight + 5 * (1 - weight)) * MILLI, within(0.01 * MILLI));
	}

	@Test
	void stalledRequestRaisesEstimateByItsAge() {
		PeakEwmaTracker loadTracker = new PeakEwmaTracker(1e9, MILLI, this.start);
		loadTracker.started(this.start);
		loadTracker.started(this.start + 100 * MILLI);
		assertThat(loadTracker.latency(this.start + 300 * MILLI)).isCloseTo(250.0 * MILLI, within(0.2 * MILLI));
	}

	@Test
	void quickFailureAndUnknownOutcomeKeepEstimate() {
		PeakEwmaTracker loadTracker = new PeakEwmaTracker(1e9, 20 * MILLI, this.start);
		double untouched = loadTracker.latency(this.start + 101 * MILLI);
		for (LoadTracker.Outcome outcome : List.of(LoadTracker.Outcome.FAILED, LoadTracker.Outcome.UNKNOWN)) {
			loadTracker.started(this.start + 100 * MILLI);
			loadTracker.completed(this.start + 100 * MILLI, this.start + 101 * MILLI, outcome);
		}
		assertThat(loadTracker.latency(this.start + 101 * MILLI)).isEqualTo(untouched);
	}

	@Test
	void failureCostsFiveSecondsOrTenLatencies() {
		PeakEwmaTracker loadTracker = new PeakEwmaTracker(10e9, 20 * MILLI, this.start);
		fail(loadTracker, this.start, this.start + MILLI);
		assertThat(nanos(loadTracker.load(this.start + MILLI, 1))).isCloseTo(10e9, within(1e6));
		fail(loadTracker, this.start, this.start + 1000 * MILLI);
		assertThat(nanos(loadTracker.load(this.start + 1000 * MILLI, 0))).isCloseTo(10e9, within(1e6));
		assertThat(loadTracker.latency(this.start + 1000 * MILLI)).as("latency without the failure")
			.isLessThan(20 * MILLI);
	}

	@Test
	void failureCostDecaysTenTimesAsFastAsLatency() {
		PeakEwmaTracker loadTracker = new PeakEwmaTracker(10e9, 20 * MILLI, this.start);
		loadTracker.started(this.start);
		loadTracker.completed(this.start, this.start, LoadTracker.Outcome.FAILED);
		assertThat(nanos(loadTracker.load(this.start + 1000 * MILLI, 0))).isCloseTo(5e9 / Math.E, within(1e7));
	}

	@Test
	void responseToLaterRequestEndsFailureCost() {
		PeakEwmaTracker loadTracker = new PeakEwmaTracker(10e9, 20 * MILLI, this.start);
		loadTracker.started(this.start);
		fail(loadTracker, this.start + MILLI, this.start + 2 * MILLI);
		loadTracker.completed(this.start, this.start + 3 * MILLI, LoadTracker.Outcome.RESPONDED);
		assertThat(nanos(loadTracker.load(this.start + 3 * MILLI, 0)))
			.as("load score after a response to an earlier request")
			.isGreaterThan(4.9e9);
		loadTracker.started(this.start + 3 * MILLI);
		loadTracker.completed(this.start + 3 * MILLI, this.start + 23 * MILLI, LoadTracker.Outcome.RESPONDED);
		assertThat(nanos(loadTracker.load(this.start + 23 * MILLI, 0))).isCloseTo(20.0 * MILLI, within(0.5 * MILLI));
	}

	@Test
	void failureAfterResponseCostsTheSameUntilReadmission() {
		PeakEwmaTracker loadTracker = new PeakEwmaTracker(10e9, 20 * MILLI, this.start);
		loadTracker.failedAfterResponse(this.start);
		assertThat(nanos(loadTracker.load(this.start, 0))).isCloseTo(5e9, within(1e6));
		loadTracker.readmitted(this.start);
		assertThat(nanos(loadTracker.load(this.start, 0))).isCloseTo(20.0 * MILLI, within(10.0));
	}

	/** Convert a load score from milliseconds to nanoseconds. */
	private static double nanos(double loadScore) {
		return loadScore * 1e6;
	}

	private void fail(PeakEwmaTracker loadTracker, long startedAt, long now) {
		loadTracker.started(startedAt);
		loadTracker.completed(startedAt, now, LoadTracker.Outcome.FAILED);
	}

	@Test
	void newServiceStartsAtMeanAndFirstAt30Millis() {
		LoadMetric metric = LoadMetric.peakEwma(Duration.ofSeconds(1));
		assertThat(nanos(metric.newTracker(List.of(), this.start).load(this.start, 0))).isCloseTo(30.0 * MILLI,
				within(10.0));
		List<PeakEwmaTracker> live = List.of(new PeakEwmaTracker(1e9, 10 * MILLI, this.start),
				new PeakEwmaTracker(1e9, 20 * MILLI, this.start));
		assertThat(nanos(metric.newTracker(live, this.start).load(this.start, 0))).isCloseTo(15.0 * MILLI,
				within(10.0));
	}

	@Test
	void nonPositiveDecayIsInvalid() {
		assertThatIllegalArgumentException().isThrownBy(() -> LoadMetric.peakEwma(Duration.ZERO))
			.withMessage("decay must be greater than zero but was PT0S");
	}

}
