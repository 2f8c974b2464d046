package dev.servicepool.internal;

import java.util.List;

import dev.servicepool.internal.util.Failure;
import dev.servicepool.Readiness;
import dev.servicepool.PoolEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * Grants released permits to the callers in the wait queue, in FIFO order. Polls services
 * that must be polled first. Guarded by the lock.
 */
final class Dispatcher<Q, R> {

	private final MemberRegistry<Q, R> registry;

	private final WaitQueue<Q, R> waitQueue;

	private final Retirement<Q, R> retirement;

	private final WarmUp<Q, R> warmUp;

	private final Scaler<Q, R> scaler;

	private final CreationTracker<Q, R> creations;

	private final EventRecorder<Q, R> recorder;

	Dispatcher(MemberRegistry<Q, R> registry, WaitQueue<Q, R> waitQueue, Retirement<Q, R> retirement,
			WarmUp<Q, R> warmUp, Scaler<Q, R> scaler, CreationTracker<Q, R> creations, EventRecorder<Q, R> recorder) {
		this.registry = registry;
		this.waitQueue = waitQueue;
		this.retirement = retirement;
		this.warmUp = warmUp;
		this.scaler = scaler;
		this.creations = creations;
		this.recorder = recorder;
	}

	/** Add a new service that was polled once. */
	void join(Member<Q, R> member, Readiness readiness, long now) {
		endPoll(member, readiness);
		afterPoll(member, readiness, now);
	}

	/** Release the permit of a request at a closed member. */
	void released(Member<Q, R> member, long now) {
		member.permits.release();
		this.warmUp.ended(member);
		if (member.isBusy()) {
			member.limit.raiseIfDue(now);
			serve(member, now);
		}
		else {
			this.retirement.closeIfIdle(member, now);
		}
	}

	/**
	 * Handle a request that the service refused because too many others are in flight.
	 * @param others the number of the other requests in flight
	 */
	void refused(Member<Q, R> member, int others, long now) {
		if (member.limit.lower(others, now)) {
			this.recorder.event(Type.LIMITED, "request refused with " + others
					+ " in flight; concurrency limit lowered to " + member.limit.learned(), member);
		}
		if (!member.permits.tryRelease()) {
			released(member, now);
		}
	}

	/**
	 * Record that the first response of a cold service has begun, so that the service can
	 * accept more requests.
	 */
	void warmed(Member<Q, R> member, long now) {
		if (!member.limit.isCold()) {
			return;
		}
		this.warmUp.warmed(member, now);
		if (member.isBusy()) {
			serve(member, now);
		}
	}

	/** Set the configured concurrency limit of a member. */
	void configure(Member<Q, R> member, int limit, long now) {
		member.limit.configure(limit);
		if (member.isBusy()) {
			serve(member, now);
		}
	}

	/**
	 * Forget the learned concurrency limit of a member.
	 * @return whether it was lower than configured
	 */
	boolean forgetLimit(Member<Q, R> member, long now) {
		boolean lowered = member.limit.forget();
		if (member.isBusy()) {
			serve(member, now);
		}
		return lowered;
	}

	/** Record that requests in flight occupy more permits, or fewer if negative. */
	void occupied(Member<Q, R> member, int permits, long now) {
		member.limit.occupy(permits);
		if (member.isBusy()) {
			serve(member, now);
		}
	}

	/** Handle the end of a member's suspension. */
	void suspensionEnded(Member<Q, R> member, long now) {
		boolean ready = !member.isPolling() && !member.suspension.reportedPending();
		member.suspension.reportedPending(false);
		if (ready) {
			serve(member, now);
		}
	}

	/**
	 * Grant the free permits of a paused member to callers that would otherwise wait.
	 */
	void usePaused(Member<Q, R> member, long now) {
		Waiter<Q, R> first = member.canServeSuspended() ? this.waitQueue.firstFor(member) : null;
		if (first != null && member.isPolledEachTime()) {
			this.registry.beginPoll(member);
			this.recorder.effect(new Effect.Poll<>(member));
		}
		else if (first != null) {
			this.scaler.ready(grantAll(member, now), now);
		}
	}

	/**
	 * Offer a probe of an ejected member to the first waiting caller, or else to the next
	 * caller.
	 */
	void offerProbe(Member<Q, R> member, long now) {
		Waiter<Q, R> first = this.waitQueue.firstFor(member);
		if (first == null) {
			this.registry.offerProbe(member);
		}
		else if (member.isPolledEachTime()) {
			this.registry.beginPoll(member);
			this.recorder.effect(new Effect.Poll<>(member));
		}
		else {
			member.permits.acquire();
			markProbe(first, member);
			this.waitQueue.grant(first, member);
			this.scaler.ready(samples(first), now);
		}
	}

	/**
	 * Acquire a permit for a caller whose first service refused the request. The request
	 * is not a sample.
	 * @return whether a permit was acquired
	 */
	boolean acquireAgain(Waiter<Q, R> waiter, Member<Q, R> member) {
		boolean acquired = member.permits.tryAcquireUnsampled();
		if (acquired) {
			waiter.grant(member);
		}
		return acquired;
	}

	/**
	 * Acquire the offered probe of an ejected member, unless another caller was faster.
	 */
	void acquireProbe(Waiter<Q, R> waiter, Member<Q, R> member, long now) {
		if (member.isProbing()) {
			this.registry.endOffer(member);
			member.permits.acquire();
			markProbe(waiter, member);
			waiter.grant(member);
			this.scaler.ready(samples(waiter), now);
		}
	}

	/** Mark the request of a caller as a probe if the member is ejected. */
	private void markProbe(Waiter<Q, R> waiter, Member<Q, R> member) {
		if (member.isEjected()) {
			waiter.probe = true;
			member.suspension.ejection.probeBegins();
		}
	}

	/**
	 * Grant the free permits of a live member that is not in the ready set to waiting
	 * callers, or mark the member as ready.
	 */
	private void serve(Member<Q, R> member, long now) {
		int granted = member.isPolledEachTime() ? 0 : grantAll(member, now);
		if (member.permits.isFull()) {
			member.becomeBusy();
		}
		else if (this.waitQueue.firstFor(member) == null) {
			this.registry.ready(member);
		}
		else {
			this.registry.beginPoll(member);
			this.recorder.effect(new Effect.Poll<>(member));
		}
		this.scaler.ready(granted, now);
	}

	/**
	 * Serve the waiting callers whose condition a ready service meets now. These callers
	 * send a request again, so that they cause no samples.
	 */
	void servePassedOver() {
		if (this.waitQueue.waiting() == 0 || this.registry.ready().size() == 0) {
			return;
		}
		for (Member<Q, R> member : List.copyOf(this.registry.live())) {
			if (member.isReadyState() && !member.isPolledEachTime()) {
				Waiter<Q, R> first = this.waitQueue.firstFor(member);
				while (first != null && member.permits.tryAcquireUnsampled()) {
					this.waitQueue.grant(first, member);
					first = this.waitQueue.firstFor(member);
				}
			}
			else if (this.waitQueue.firstFor(member) != null) {
				pollIfReady(member);
			}
		}
	}

	/**
	 * Grant the free permits of a closed member to waiting callers.
	 * @return the number of ready samples
	 */
	private int grantAll(Member<Q, R> member, long now) {
		int granted = 0;
		Waiter<Q, R> first = this.waitQueue.firstFor(member);
		while (first != null && !member.permits.isFull()) {
			member.permits.acquire();
			this.waitQueue.grant(first, member);
			granted += samples(first);
			first = this.waitQueue.firstFor(member);
		}
		this.warmUp.requestStarted(member, now);
		return granted;
	}

	/** Return the number of ready samples of a caller: 0 if it was sampled before. */
	private static int samples(Waiter<?, ?> served) {
		return served.again ? 0 : 1;
	}

	/**
	 * Reserve a member for a poll by a caller.
	 * @return whether the member is reserved; {@code false} if it is not ready any more
	 */
	boolean reserve(Member<Q, R> member) {
		boolean reserved = member.isProbing() || (member.isReadyState() && !member.permits.isFull());
		if (reserved) {
			this.registry.beginPoll(member);
		}
		return reserved;
	}

	/**
	 * Handle the result of a poll.
	 * @param readiness the readiness that the service reported
	 * @param caller the caller that polled; if {@code null}, the poll was for the wait
	 * queue
	 */
	void polled(Member<Q, R> member, Readiness readiness, @Nullable Waiter<Q, R> caller, long now) {
		endPoll(member, readiness);
		Waiter<Q, R> first = this.waitQueue.firstFor(member);
		int granted = 0;
		if (readiness == Readiness.PENDING || !member.isLive()) {
			member.permits.undoAcquire();
		}
		else if (caller != null) {
			markProbe(caller, member);
			caller.grant(member);
			granted += samples(caller);
		}
		else if (first != null) {
			markProbe(first, member);
			this.waitQueue.grant(first, member);
			granted += samples(first);
		}
		else {
			member.permits.undoAcquire();
		}
		afterPoll(member, readiness, now);
		this.scaler.ready(granted, now);
	}

	/** Poll a service that must be polled, if it was ready at its last poll. */
	void pollIfReady(Member<Q, R> member) {
		if (member.isPolledEachTime() && member.isReadyState() && reserve(member)) {
			this.recorder.effect(new Effect.Poll<>(member));
		}
	}

	/** Evict a service whose poll failed. */
	void pollFailed(Member<Q, R> member, Failure failure, long now) {
		endPoll(member, Readiness.READY);
		member.permits.undoAcquire();
		if (member.isLive()) {
			if (member.permits.calls() == 0) {
				this.creations.failedUnused(failure);
				this.registry.allocator().failedUnused(member.target, now);
			}
			this.retirement.evict(member, "pollReady failed: " + failure, now);
		}
		this.retirement.closeIfIdle(member, now);
	}

	private void endPoll(Member<Q, R> member, Readiness readiness) {
		boolean woken = this.registry.endPoll(member);
		if (woken && readiness == Readiness.PENDING) {
			// Poll once more, but not on this thread, because a service that wakes the
			// pool during each poll would keep the caller busy.
			this.recorder.effect(new Effect.WakeUp<>(member));
		}
	}

	private void afterPoll(Member<Q, R> member, Readiness readiness, long now) {
		if (!member.isLive()) {
			this.retirement.closeIfIdle(member, now);
		}
		else if (member.isSuspended()) {
			member.suspension.reportedPending(readiness == Readiness.PENDING);
		}
		else if (readiness != Readiness.PENDING) {
			serve(member, now);
		}
	}

	/** Handle a wake-up: the service may have become ready. */
	void wokeUp(Member<Q, R> member, long now) {
		if (member.isPolling()) {
			member.wokenDuringPoll();
		}
		else if (member.isSuspended()) {
			member.suspension.reportedPending(false);
		}
		else if (member.isPending()) {
			serve(member, now);
		}
	}

}
