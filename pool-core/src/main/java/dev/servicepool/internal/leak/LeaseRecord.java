package dev.servicepool.internal.leak;

import java.time.Duration;

import dev.servicepool.internal.util.Failure;
import dev.servicepool.internal.util.Figures;
import org.jspecify.annotations.Nullable;

/**
 * Details of an active lease.
 */
public final class LeaseRecord {

	public final long since;

	private final Thread thread = Thread.currentThread();

	/** The stack trace of the thread that acquired the lease, if leaks are detected. */
	public final @Nullable Throwable stackTrace;

	/** Written by the owner of the lease, read by any thread. */
	private volatile @Nullable Object use;

	/**
	 * Whether the lease was reported as a suspected leak. Guarded by its
	 * {@link LeaseTracker}.
	 */
	public boolean suspected;

	/** The previous active lease. Guarded by {@link LeaseTracker}. */
	@Nullable LeaseRecord older;

	/** The next active lease. Guarded by {@link LeaseTracker}. */
	@Nullable LeaseRecord newer;

	public LeaseRecord(long since, @Nullable Throwable stackTrace) {
		this.since = since;
		this.stackTrace = stackTrace;
	}

	public void describeUse(Object use) {
		this.use = use;
	}

	/** Describe the owner of the lease. Calls user code, so never under the lock. */
	public String describe(Duration activeFor) {
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
	public record Observed(LeaseRecord record, Duration activeFor) {

		public String describe() {
			return this.record.describe(this.activeFor);
		}

	}

	public Observed observe(long now) {
		return new Observed(this, Duration.ofMillis(Math.max(0, now - this.since) / 1_000_000));
	}

}
