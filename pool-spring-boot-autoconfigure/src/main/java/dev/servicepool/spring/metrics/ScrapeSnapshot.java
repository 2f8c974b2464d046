package dev.servicepool.spring.metrics;

import java.time.Duration;
import java.util.function.Supplier;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Snapshot of one pool that all meters of a scrape share, so that a scrape acquires the
 * lock of the pool once. Used by any thread.
 */
final class ScrapeSnapshot implements Supplier<PoolSnapshot> {

	/** The maximum age of a snapshot, which is longer than most scrapes take. */
	static final Duration MAX_AGE = Duration.ofMillis(200);

	private final Pool<?, ?> pool;

	private final long maxAge;

	private final Ticker ticker;

	/** Written and read by any thread; a lost race takes one more snapshot. */
	private volatile @Nullable Taken last;

	/**
	 * Snapshot and its time.
	 *
	 * @param snapshot the snapshot
	 * @param at the time in nanoseconds
	 */
	private record Taken(PoolSnapshot snapshot, long at) {
	}

	ScrapeSnapshot(Pool<?, ?> pool, Duration maxAge, Ticker ticker) {
		this.pool = pool;
		this.maxAge = maxAge.toNanos();
		this.ticker = ticker;
	}

	@Override
	public PoolSnapshot get() {
		Taken last = this.last;
		long now = this.ticker.nanos();
		if (last != null && now - last.at() < this.maxAge) {
			return last.snapshot();
		}
		PoolSnapshot snapshot = this.pool.snapshot();
		this.last = new Taken(snapshot, now);
		return snapshot;
	}

}
