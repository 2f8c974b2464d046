package dev.servicepool.sample;

import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoadReport}.
 */
class LoadReportTests {

	@Test
	void countsCallsOfAllCallers() {
		Tally one = tally(10, 20);
		one.failed(new IllegalStateException());
		one.failed(new IllegalStateException());
		assertThat(LoadReport.of(List.of(one, tally(30)), 3)).isEqualTo(new LoadReport(5, 3, 2, 20, 30, 3));
	}

	@Test
	void percentilesCoverSuccessfulCallsOfAllCallers() {
		Tally even = new Tally();
		Tally odd = new Tally();
		for (int millis = 1; millis <= 1000; millis++) {
			((millis % 2 == 0) ? even : odd).succeeded(TimeUnit.MILLISECONDS.toNanos(millis));
		}
		LoadReport report = LoadReport.of(List.of(even, odd), 1);
		assertThat(report.p50Millis()).isEqualTo(500);
		assertThat(report.p99Millis()).isEqualTo(990);
	}

	@Test
	void percentilesAreZeroWhenNoCallSucceeds() {
		assertThat(LoadReport.of(List.of(new Tally()), 1)).isEqualTo(new LoadReport(0, 0, 0, 0, 0, 1));
	}

	private static Tally tally(long... millis) {
		Tally tally = new Tally();
		for (long each : millis) {
			tally.succeeded(TimeUnit.MILLISECONDS.toNanos(each));
		}
		return tally;
	}

}
