package dev.servicepool.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecentLatencies}.
 */
class RecentLatenciesTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	/** The time at the start, which may be any number. */
	private static final long START = Long.MAX_VALUE - 5 * SECOND;

	private final RecentLatencies latencies = new RecentLatencies(START);

	@Test
	void percentileIsUnknownBelowHundredLatencies() {
		record(99, SECOND, START);
		assertThat(this.latencies.percentile(95, START)).isEqualTo(RecentLatencies.UNKNOWN);
		record(1, SECOND, START);
		assertThat(this.latencies.percentile(95, START)).isPositive();
	}

	@Test
	void shareOfLatenciesDoesNotExceedPercentile() {
		record(95, 10, START);
		record(5, 1000, START);
		assertThat(this.latencies.percentile(95, START)).isEqualTo(10);
		assertThat(this.latencies.percentile(95.1, START)).isBetween(1000L, 1030L);
		assertThat(this.latencies.percentile(0, START)).isLessThanOrEqualTo(10);
		assertThat(this.latencies.percentile(100, START)).isBetween(1000L, 1030L);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 31, 32, 33, 63, 64, 65, 1000, 123_456_789, 1L << 40, (1L << 40) - 1, Long.MAX_VALUE })
	void percentileIsTooHighByAtMostThreePercent(long latency) {
		record(100, latency, START);
		long percentile = this.latencies.percentile(50, START);
		assertThat(percentile).isGreaterThanOrEqualTo(latency);
		assertThat(percentile - latency).isLessThanOrEqualTo((long) (latency * 0.032));
	}

	@Test
	void percentilesOfRandomLatenciesAreAtMostThreePercentTooHigh() {
		SplittableRandom random = new SplittableRandom(1);
		long[] sorted = LongStream.generate(() -> (long) (1_000_000 * -Math.log(1 - random.nextDouble())))
			.limit(10_000)
			.toArray();
		for (long latency : sorted) {
			this.latencies.record(latency, START);
		}
		Arrays.sort(sorted);
		for (int percent = 1; percent <= 100; percent++) {
			long exact = sorted[sorted.length / 100 * percent - 1];
			assertThat(this.latencies.percentile(percent, START)).as("percentile %d", percent)
				.isBetween(exact, exact + (long) Math.ceil(exact * 0.032));
		}
	}

	@Test
	void negativeLatencyCountsAsZero() {
		record(100, -1, START);
		assertThat(this.latencies.percentile(50, START)).isZero();
	}

	@Test
	void latenciesCountForAtLeastTenSeconds() {
		record(100, 1000, START + 9 * SECOND);
		assertThat(this.latencies.percentile(50, START + 19 * SECOND)).isPositive();
		assertThat(this.latencies.percentile(50, START + 20 * SECOND)).isEqualTo(RecentLatencies.UNKNOWN);
	}

	@Test
	void latenciesBeforeLongPauseDoNotCount() {
		record(100, 1000, START);
		assertThat(this.latencies.percentile(50, START + 60 * SECOND)).isEqualTo(RecentLatencies.UNKNOWN);
		record(100, 10, START + 60 * SECOND);
		assertThat(this.latencies.percentile(100, START + 60 * SECOND)).isEqualTo(10);
	}

	@Test
	void noLatencyIsLostIfThreadsRecordThem() {
		IntStream.range(0, 100_000).parallel().forEach((index) -> this.latencies.record(index % 2, START));
		assertThat(this.latencies.percentile(50, START)).isZero();
		assertThat(this.latencies.percentile(50.001, START)).isOne();
	}

	private void record(int count, long latency, long now) {
		for (int index = 0; index < count; index++) {
			this.latencies.record(latency, now);
		}
	}

}
