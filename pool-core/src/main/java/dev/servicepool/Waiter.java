package dev.servicepool;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * One caller who asks for a service. It is settled exactly once: with a member, one of
 * whose places is then its own, or with a refusal.
 */
final class Waiter<Q, R> {

	/** When the caller asked, in the pool's time. */
	final long since;

	private final Thread thread = Thread.currentThread();

	/** Whether the caller's arrival has been sampled. Guarded by the lock. */
	boolean sampled;

	/** Whether the caller waits in the queue. Guarded by the lock. */
	boolean queued;

	/** Whether the caller has lost its turn to a service that was not ready after all. */
	boolean returned;

	/**
	 * Whether the caller had a service that refused its request, and asks again: it is no
	 * sample, and waits ahead of all others. Set before it asks, then only read.
	 */
	boolean again;

	/**
	 * Whether the request is to try an ejected service. Set before it is granted, then
	 * only read.
	 */
	boolean probe;

	/** The neighbours in the queue. Guarded by the lock. */
	@Nullable Waiter<Q, R> previous;

	/** The neighbours in the queue. Guarded by the lock. */
	@Nullable Waiter<Q, R> next;

	/**
	 * Set once together with {@link #settled}: the member, unless refused. Published by
	 * it.
	 */
	private @Nullable Member<Q, R> granted;

	/** Set once together with {@link #settled}: why refused. Published by it. */
	private @Nullable Rejection rejection;

	/**
	 * Written under the lock or by the caller itself before it queues; read by the
	 * caller.
	 */
	private volatile boolean settled;

	Waiter(long since) {
		this.since = since;
	}

	void grant(Member<Q, R> member) {
		checkUnsettled();
		this.granted = member;
		this.settled = true;
	}

	void reject(Rejection rejection) {
		checkUnsettled();
		this.rejection = rejection;
		this.settled = true;
	}

	private void checkUnsettled() {
		if (this.settled) {
			throw new IllegalStateException("A caller was settled twice");
		}
	}

	/** Wake the caller up, after the lock is left. */
	void wake() {
		LockSupport.unpark(this.thread);
	}

	boolean isSettled() {
		return this.settled;
	}

	@Nullable Member<Q, R> granted() {
		return this.granted;
	}

	@Nullable Rejection rejection() {
		return this.rejection;
	}

}
