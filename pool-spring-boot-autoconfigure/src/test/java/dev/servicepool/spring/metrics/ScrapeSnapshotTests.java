package dev.servicepool.spring.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Service;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ScrapeSnapshot}.
 */
class ScrapeSnapshotTests {

	@Test
	void snapshotIsTakenAgainWhenItIsTooOld() {
		AtomicLong now = new AtomicLong();
		try (Pool<String, Integer> pool = Pool.builder().build((target) -> Service.of(String::length))) {
			ScrapeSnapshot snapshot = new ScrapeSnapshot(pool, Duration.ofMillis(200), now::get);
			PoolSnapshot first = snapshot.get();
			now.addAndGet(Duration.ofMillis(199).toNanos());
			assertThat(snapshot.get()).isSameAs(first);
			now.addAndGet(Duration.ofMillis(1).toNanos());
			assertThat(snapshot.get()).isNotSameAs(first);
		}
	}

	@Test
	void scrapeTakesOneSnapshotOfPool() {
		AtomicInteger reads = new AtomicInteger();
		try (Pool<String, Integer> pool = Pool.builder().name("counted").build((target) -> new Service<>() {

			@Override
			public Integer call(String request) {
				return request.length();
			}

			@Override
			public double load() {
				reads.incrementAndGet();
				return 1;
			}

		})) {
			pool.tryAcquire();
			await().until(() -> pool.snapshot().size().ready() == 1);
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			new PoolMetrics(() -> List.of(pool), Duration.ofMinutes(1)).bindTo(registry);
			reads.set(0);
			for (int scrape = 0; scrape < 100; scrape++) {
				registry.getMeters()
					.forEach((meter) -> meter.measure().forEach((measurement) -> measurement.getValue()));
			}
			assertThat(reads).as("reads of the load score").hasValueLessThanOrEqualTo(1);
		}
	}

}
