package dev.servicepool.internal;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolException;

/**
 * A caller that waits for a lease without blocking a thread.
 */
public final class PendingLease {

	private final DefaultPool<String, String> pool;

	private final Waiter<String, String> waiter;

	private PendingLease(DefaultPool<String, String> pool) {
		this.pool = pool;
		this.waiter = pool.acquirer().acquire(true);
	}

	/** Request a lease from a pool. */
	public static PendingLease of(Pool<String, String> pool) {
		return new PendingLease((DefaultPool<String, String>) pool);
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
