package dev.servicepool.internal;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Caller that requests a service. It is settled exactly once: with a permit of a member,
 * or with a rejection.
 */
final class Waiter<Q, R> {

	/** The time of the request, in the pool's time. */
	final long since;

	private final Thread thread = Thread.currentThread();

	/** Whether the request was sampled. Guarded by the lock. */
	boolean sampled;

	/** Whether the caller is in the wait queue. Guarded by the lock. */
	boolean queued;

	/**
	 * Whether the caller polled a service itself. If that service was pending, the caller
	 * joins the front of the wait queue. Used by the caller only.
	 */
	boolean polledItself;

	/**
	 * Whether the request is sent again. It is not a sample, and waits ahead of all
	 * others. Set before the request, then only read.
	 */
	boolean again;

	/**
	 * The condition that the service must meet, if any. Set before the request, then only
	 * read.
	 */
	@Nullable Predicate<Member<Q, R>> wanted;

	/**
	 * Whether the request is a probe of an ejected service. Set before it is granted,
	 * then only read.
	 */
	boolean probe;

	/** The previous caller in the wait queue. Guarded by the lock. */
	@Nullable Waiter<Q, R> previous;

	/** The next caller in the wait queue. Guarded by the lock. */
	@Nullable Waiter<Q, R> next;

	/**
	 * Set at most once, before {@link #settled}, which publishes it: the member, unless
	 * rejected.
	 */
	private @Nullable Member<Q, R> granted;

	/**
	 * Set at most once, before {@link #settled}, which publishes it: the rejection, if
	 * any.
	 */
	private @Nullable Rejection rejection;

	/**
	 * Written under the lock, or by the caller itself before it joins the wait queue;
	 * read by the caller.
	 */
	private volatile boolean settled;

	Waiter(long since) {
		this.since = since;
	}

	/** Return whether a service may serve the caller. */
	boolean accepts(Member<Q, R> member) {
		return this.wanted == null || this.wanted.test(member);
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
			throw new IllegalStateException("Waiting caller has already received a lease or an exception");
		}
	}

	/** Wake the caller. Not under the lock. */
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
