package dev.servicepool.internal;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Blocks the thread of a caller until the caller is settled. If the thread belongs to a
 * {@link ForkJoinPool}, that pool may start a replacement for the duration of the wait.
 * This is necessary because the tasks that end the wait may need a thread of the same
 * pool. For example, the JDK's HTTP client completes its requests on the common pool,
 * which has only one thread on a machine with two cores.
 *
 * @param blocker the object that a thread dump shows
 * @param waiter the caller
 * @param nanos the maximum time to wait, in nanoseconds
 */
record Parking(Object blocker, Waiter<?, ?> waiter, long nanos) implements ForkJoinPool.ManagedBlocker {

	/**
	 * Wait until the caller is settled or the time is over. May return spuriously.
	 * @throws InterruptedException if the thread is interrupted
	 */
	void begin() throws InterruptedException {
		try {
			ForkJoinPool.managedBlock(this);
		}
		catch (RejectedExecutionException ex) {
			// The pool cannot start another replacement.
			block();
		}
	}

	@Override
	public boolean block() throws InterruptedException {
		LockSupport.parkNanos(this.blocker, this.nanos);
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
		return true;
	}

	@Override
	public boolean isReleasable() {
		return this.waiter.isSettled();
	}

}
