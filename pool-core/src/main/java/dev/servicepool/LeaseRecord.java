package dev.servicepool;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a lease for as long as it is held.
 */
final class LeaseRecord {

	final long since;

	private final Thread thread = Thread.currentThread();

	/** Where the lease was taken, if that is to be told. */
	final @Nullable Throwable stackTrace;

	/** Written by the holder of the lease, read by any thread. */
	private volatile @Nullable Object use;

	/**
	 * Whether it was told that the lease may never end. Guarded by its
	 * {@link LeaseTracker}.
	 */
	boolean told;

	/**
	 * The one that was taken before, of those still held. Guarded by
	 * {@link LeaseTracker}.
	 */
	@Nullable LeaseRecord older;

	/** The one that was taken after. Guarded by {@link LeaseTracker}. */
	@Nullable LeaseRecord newer;

	LeaseRecord(long since, @Nullable Throwable stackTrace) {
		this.since = since;
		this.stackTrace = stackTrace;
	}

	void describeUse(Object use) {
		this.use = use;
	}

	/** Say who holds the lease. Calls foreign code, so never under the lock. */
	String describe(Duration activeFor) {
		Object use = this.use;
		String text = "taken " + Figures.of(activeFor) + " ago by thread '" + this.thread.getName() + "'";
		return (use != null) ? text + " for " + Failure.describe(use) : text;
	}

	/**
	 * A hold as seen at some time.
	 *
	 * @param record the hold
	 * @param activeFor how long the lease had been held then
	 */
	record Seen(LeaseRecord record, Duration activeFor) {

		String describe() {
			return this.record.describe(this.activeFor);
		}

	}

	Seen seen(long now) {
		return new Seen(this, Duration.ofMillis(Math.max(0, now - this.since) / 1_000_000));
	}

}
