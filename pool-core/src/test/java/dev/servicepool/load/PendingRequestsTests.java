package dev.servicepool.load;

import java.util.List;

import dev.servicepool.load.LoadTracker.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The values of the metric of pending requests, which needs no clock.
 */
class PendingRequestsTests {

	private final LoadTracker loadTracker = LoadMetric.pendingRequests().newTracker(List.of(), 0);

	@Test
	void theLoadIsTheNumberOfRequestsInFlight() {
		this.loadTracker.completed(0, 0, Outcome.RESPONDED);
		this.loadTracker.completed(0, 0, Outcome.UNKNOWN);
		assertThat(this.loadTracker.load(0, 7)).isEqualTo(7);
	}

	@Test
	void aFailureCostsAHundredAndLessEachTimeTheServiceIsPassedOver() {
		this.loadTracker.completed(0, 0, Outcome.FAILED);
		assertThat(this.loadTracker.load(0, 7)).isEqualTo(107);
		assertThat(this.loadTracker.load(0, 7)).isEqualTo(106);
		for (int look = 0; look < 98; look++) {
			this.loadTracker.load(0, 7);
		}
		assertThat(this.loadTracker.load(0, 7)).isEqualTo(7);
	}

	@Test
	void eachAnswerHalvesIt() {
		this.loadTracker.failedAfterResponse(0);
		this.loadTracker.completed(0, 0, Outcome.RESPONDED);
		assertThat(this.loadTracker.load(0, 0)).isEqualTo(50);
		for (int answer = 0; answer < 7; answer++) {
			this.loadTracker.completed(0, 0, Outcome.RESPONDED);
		}
		assertThat(this.loadTracker.load(0, 0)).isZero();
	}

	@Test
	void beingReadmittedEndsIt() {
		this.loadTracker.failedAfterResponse(0);
		this.loadTracker.readmitted(0);
		assertThat(this.loadTracker.load(0, 3)).isEqualTo(3);
	}

}
