package dev.servicepool.load;

import java.util.List;

import dev.servicepool.load.LoadTracker.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The values of the metric of pending requests, which needs no clock.
 */
class PendingRequestsTests {

	private final LoadTracker gauge = LoadMetric.pendingRequests().newGauge(List.of(), 0);

	@Test
	void theLoadIsTheNumberOfRequestsInFlight() {
		this.gauge.responded(0, 0, Outcome.ANSWERED);
		this.gauge.responded(0, 0, Outcome.UNKNOWN);
		assertThat(this.gauge.load(0, 7)).isEqualTo(7);
	}

	@Test
	void aFailureCostsAHundredAndLessEachTimeTheServiceIsPassedOver() {
		this.gauge.responded(0, 0, Outcome.FAILED);
		assertThat(this.gauge.load(0, 7)).isEqualTo(107);
		assertThat(this.gauge.load(0, 7)).isEqualTo(106);
		for (int look = 0; look < 98; look++) {
			this.gauge.load(0, 7);
		}
		assertThat(this.gauge.load(0, 7)).isEqualTo(7);
	}

	@Test
	void eachAnswerHalvesIt() {
		this.gauge.failedLate(0);
		this.gauge.responded(0, 0, Outcome.ANSWERED);
		assertThat(this.gauge.load(0, 0)).isEqualTo(50);
		for (int answer = 0; answer < 7; answer++) {
			this.gauge.responded(0, 0, Outcome.ANSWERED);
		}
		assertThat(this.gauge.load(0, 0)).isZero();
	}

	@Test
	void beingReadmittedEndsIt() {
		this.gauge.failedLate(0);
		this.gauge.readmitted(0);
		assertThat(this.gauge.load(0, 3)).isEqualTo(3);
	}

}
