package dev.servicepool;

/**
 * A caller of a pool who does not block: it waits in the queue like any other, but what
 * waits is not a thread.
 */
public final class PendingLease {

	private final DefaultPool<String, String> pool;

	private final Waiter<String, String> waiter;

	private PendingLease(DefaultPool<String, String> pool) {
		this.pool = pool;
		this.waiter = pool.engine().ask(true);
	}

	/** Ask a pool for a lease. */
	public static PendingLease of(Pool<String, String> pool) {
		return new PendingLease((DefaultPool<String, String>) pool);
	}

	/** Whether the caller has been served or refused. */
	public boolean isSettled() {
		return this.waiter.isSettled();
	}

	/** The caller's time is up: it is settled now, one way or the other. */
	public void giveUp() {
		this.pool.engine().giveUp(this.waiter);
	}

	/**
	 * Return the lease of a settled caller.
	 * @throws PoolException if it was refused
	 */
	public Lease<String, String> lease() {
		return this.pool.lease(this.waiter);
	}

}
