package dev.servicepool;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * The wait of a caller, on whatever thread it is. What it waits for may hang on a task
 * that needs a thread of the same kind: the JDK's HTTP client ends its requests on the
 * common pool, which has a single thread on a machine with two cores. So a thread of a
 * {@link ForkJoinPool} is replaced while it waits.
 *
 * @param blocker what is waited for, to be seen in a thread dump
 * @param waiter the caller
 * @param nanos how long to wait at most
 */
record Parking(Object blocker, Waiter<?, ?> waiter, long nanos) implements ForkJoinPool.ManagedBlocker {

	/**
	 * Wait until the caller is settled, the time is up or for no reason at all.
	 * @throws InterruptedException if the thread is interrupted
	 */
	void begin() throws InterruptedException {
		try {
			ForkJoinPool.managedBlock(this);
		}
		catch (RejectedExecutionException ex) {
			// There are too many of these already.
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
