package dev.servicepool.load;

import java.util.List;

import dev.servicepool.load.LoadTracker.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The load scores of the pending-requests metric, which needs no clock.
 */
class PendingRequestsTests {

	private final LoadTracker loadTracker = LoadMetric.pendingRequests().newTracker(List.of(), 0);

	@Test
	void loadScoreIsNumberOfRequestsInFlight() {
		this.loadTracker.completed(0, 0, Outcome.RESPONDED);
		this.loadTracker.completed(0, 0, Outcome.UNKNOWN);
		assertThat(this.loadTracker.load(0, 7)).isEqualTo(7);
	}

	@Test
	void failureCosts100AndLessWithEachComparison() {
		this.loadTracker.completed(0, 0, Outcome.FAILED);
		assertThat(this.loadTracker.compare(0, 7)).isEqualTo(107);
		assertThat(this.loadTracker.compare(0, 7)).isEqualTo(106);
		for (int comparison = 0; comparison < 98; comparison++) {
			this.loadTracker.compare(0, 7);
		}
		assertThat(this.loadTracker.compare(0, 7)).isEqualTo(7);
	}

	@Test
	void readingDoesNotChangeLoadScore() {
		this.loadTracker.completed(0, 0, Outcome.FAILED);
		for (int read = 0; read < 1000; read++) {
			assertThat(this.loadTracker.load(0, 7)).isEqualTo(107);
		}
	}

	@Test
	void responseHalvesFailureCost() {
		this.loadTracker.failedAfterResponse(0);
		this.loadTracker.completed(0, 0, Outcome.RESPONDED);
		assertThat(this.loadTracker.load(0, 0)).isEqualTo(50);
		for (int response = 0; response < 7; response++) {
			this.loadTracker.completed(0, 0, Outcome.RESPONDED);
		}
		assertThat(this.loadTracker.load(0, 0)).isZero();
	}

	@Test
	void readmissionEndsFailureCost() {
		this.loadTracker.failedAfterResponse(0);
		this.loadTracker.readmitted(0);
		assertThat(this.loadTracker.load(0, 3)).isEqualTo(3);
	}

	@Test
	void metricsAreSpelledAsInProperties() {
		assertThat(List.of(LoadMetric.constant(), LoadMetric.pendingRequests(), LoadMetric.peakEwma()))
			.extracting(LoadMetric::toString)
			.containsExactly("constant", "pending-requests", "peak-ewma");
	}

}
