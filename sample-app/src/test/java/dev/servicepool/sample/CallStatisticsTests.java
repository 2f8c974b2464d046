package dev.servicepool.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import org.springframework.web.client.ResourceAccessException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallStatistics}.
 */
class CallStatisticsTests {

	/** Starts close to an overflow. */
	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(1).toNanos());

	private final CallStatistics statistics = new CallStatistics(this.nanoTime::get);

	@Test
	void summaryIsEmptyWithoutCalls() {
		assertThat(this.statistics.summary()).isEqualTo(CallSummary.NONE);
	}

	@Test
	void ratesCoverAtLeastOneSecond() {
		calls(5, Duration.ofMillis(100));
		assertThat(this.statistics.summary().succeededPerSecond()).isEqualTo(5);
	}

	@Test
	void ratesAndPercentilesCoverWindow() {
		calls(100, Duration.ofMillis(100), 900);
		calls(40, Duration.ofMillis(200), 60);
		CallSummary summary = this.statistics.summary();
		assertThat(summary.succeeded()).isEqualTo(140);
		assertThat(summary.succeededPerSecond()).isEqualTo(5);
		assertThat(summary.p50Millis()).isEqualTo(60);
		assertThat(summary.p99Millis()).isEqualTo(60);
	}

	@Test
	void figuresRemainWhenClientIsNotUsed() {
		calls(20, Duration.ofMillis(100));
		CallSummary inUse = this.statistics.summary();
		assertThat(inUse.inUse()).isTrue();
		pass(CallStatistics.PAUSE);
		CallSummary summary = this.statistics.summary();
		assertThat(summary.inUse()).isFalse();
		assertThat(summary.succeededPerSecond()).isEqualTo(inUse.succeededPerSecond()).isPositive();
		assertThat(summary.p50Millis()).isEqualTo(50);
	}

	@Test
	void figuresStartAgainAfterPause() {
		this.statistics.failed(new IllegalStateException());
		calls(100, Duration.ofMillis(10));
		pass(CallStatistics.PAUSE);
		calls(1, Duration.ZERO);
		CallSummary summary = this.statistics.summary();
		assertThat(summary.inUse()).isTrue();
		assertThat(summary.succeeded()).isEqualTo(101);
		assertThat(summary.succeededPerSecond()).isEqualTo(1);
		assertThat(summary.failed()).isEqualTo(1);
		assertThat(summary.failedPerSecond()).isZero();
	}

	@Test
	void percentilesAreMissingWhenAllCallsFail() {
		this.statistics
			.failed(new ResourceAccessException("I/O error", new IOException("too many concurrent streams")));
		CallSummary summary = this.statistics.summary();
		assertThat(summary.failed()).isEqualTo(1);
		assertThat(summary.failedPerSecond()).isEqualTo(1);
		assertThat(summary.p50Millis()).isNull();
		assertThat(summary.p99Millis()).isNull();
		assertThat(summary.lastFailure()).isEqualTo("too many concurrent streams");
	}

	@Test
	void failureWithoutMessageIsNamed() {
		this.statistics.failed(new IllegalStateException());
		assertThat(this.statistics.summary().lastFailure()).isEqualTo("IllegalStateException");
	}

	private void calls(int count, Duration interval) {
		calls(count, interval, 50);
	}

	private void calls(int count, Duration interval, long millis) {
		for (int i = 0; i < count; i++) {
			pass(interval);
			this.statistics.succeeded(Duration.ofMillis(millis).toNanos());
		}
	}

	private void pass(Duration time) {
		this.nanoTime.addAndGet(time.toNanos());
	}

}
