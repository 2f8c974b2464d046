package dev.servicepool.internal;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolException;
import org.jspecify.annotations.Nullable;

/**
 * A caller that waits for a lease without blocking a thread.
 */
public final class PendingLease {

	private final DefaultPool<String, String> pool;

	private final Waiter<String, String> waiter;

	private PendingLease(DefaultPool<String, String> pool, Waiter<String, String> waiter) {
		this.pool = pool;
		this.waiter = waiter;
	}

	/** Request a lease from a pool. */
	public static PendingLease of(Pool<String, String> pool) {
		DefaultPool<String, String> own = (DefaultPool<String, String>) pool;
		return new PendingLease(own, own.acquirer().acquire(true));
	}

	/**
	 * End a lease whose request failed, and request another one to send the request
	 * again.
	 * @return the caller, or {@code null} if the request must not be sent again
	 */
	public static @Nullable PendingLease again(Pool<String, String> pool, Lease<String, String> lease,
			Throwable cause) {
		var conditions = ((PoolLease<String, String>) lease).endFailed(cause,
				(target) -> !target.equals(lease.target()));
		if (conditions == null) {
			return null;
		}
		DefaultPool<String, String> own = (DefaultPool<String, String>) pool;
		return new PendingLease(own,
				own.acquirer().acquireAgain(own.leaseEvents().time(), conditions.wanted(), conditions.preferences()));
	}

	/** Return whether the caller has been served or rejected. */
	public boolean isSettled() {
		return this.waiter.isSettled();
	}

	/** End the wait of the caller, which is then either served or rejected. */
	public void giveUp() {
		this.pool.acquirer().giveUp(this.waiter);
	}

	/**
	 * Return the lease of a settled caller.
	 * @throws PoolException if the caller was rejected
	 */
	public Lease<String, String> lease() {
		return this.pool.lease(this.waiter);
	}

}
