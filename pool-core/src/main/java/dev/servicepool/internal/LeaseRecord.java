package dev.servicepool.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Details of an active lease.
 */
final class LeaseRecord {

	final long since;

	private final Thread thread = Thread.currentThread();

	/** The stack trace of the thread that acquired the lease, if leaks are detected. */
	final @Nullable Throwable stackTrace;

	/** Written by the owner of the lease, read by any thread. */
	private volatile @Nullable Object use;

	/**
	 * Whether the lease was reported as a suspected leak. Guarded by its
	 * {@link LeaseTracker}.
	 */
	boolean suspected;

	/** The previous active lease. Guarded by {@link LeaseTracker}. */
	@Nullable LeaseRecord older;

	/** The next active lease. Guarded by {@link LeaseTracker}. */
	@Nullable LeaseRecord newer;

	LeaseRecord(long since, @Nullable Throwable stackTrace) {
		this.since = since;
		this.stackTrace = stackTrace;
	}

	void describeUse(Object use) {
		this.use = use;
	}

	/** Describe the owner of the lease. Calls user code, so never under the lock. */
	String describe(Duration activeFor) {
		Object use = this.use;
		String text = "acquired " + Figures.of(activeFor) + " ago by thread '" + this.thread.getName() + "'";
		return (use != null) ? text + " for " + Failure.describe(use) : text;
	}

	/**
	 * Record of a lease at a point in time.
	 *
	 * @param record the record
	 * @param activeFor the time for which the lease had been active
	 */
	record Observed(LeaseRecord record, Duration activeFor) {

		String describe() {
			return this.record.describe(this.activeFor);
		}

	}

	Observed observe(long now) {
		return new Observed(this, Duration.ofMillis(Math.max(0, now - this.since) / 1_000_000));
	}

}
