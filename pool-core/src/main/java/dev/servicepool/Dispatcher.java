package dev.servicepool;

import dev.servicepool.PoolEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * Gives the free places of services to those who wait, first come first served, and asks
 * services before that whether they are ready. Guarded by the pool's lock.
 */
final class Dispatcher<Q, R> {

	private final MemberRegistry<Q, R> registry;

	private final WaitQueue<Q, R> waitQueue;

	private final Retirement<Q, R> retirement;

	private final WarmUp<Q, R> warmUp;

	private final Scaler<Q, R> scaler;

	private final Creations<Q, R> creations;

	private final EventRecorder<Q, R> recorder;

	Dispatcher(MemberRegistry<Q, R> registry, WaitQueue<Q, R> waitQueue, Retirement<Q, R> retirement,
			WarmUp<Q, R> warmUp, Scaler<Q, R> scaler, Creations<Q, R> creations, EventRecorder<Q, R> recorder) {
		this.registry = registry;
		this.waitQueue = waitQueue;
		this.retirement = retirement;
		this.warmUp = warmUp;
		this.scaler = scaler;
		this.creations = creations;
		this.recorder = recorder;
	}

	/** A new service, which has been asked once, takes its place. */
	void join(Member<Q, R> member, Readiness readiness, long now) {
		endPoll(member, readiness);
		afterPoll(member, readiness, now);
	}

	/** A request has ended at a member that was closed at that moment. */
	void released(Member<Q, R> member, long now) {
		member.permits.release();
		this.warmUp.ended(member);
		if (member.state == Member.State.BUSY) {
			member.limit.probe(now);
			serve(member, now);
		}
		else {
			this.retirement.closeIfIdle(member, now);
		}
	}

	/** A service has refused a request, since it has too many in flight. */
	void refused(Member<Q, R> member, long now) {
		int inFlight = member.permits.inFlight();
		if (member.limit.lower(now)) {
			this.recorder.event(
					Type.LIMITED, "refused a request while " + (inFlight - 1)
							+ " others were in flight, and gets at most " + member.limit.learned() + " at a time",
					member);
		}
		if (!member.permits.tryRelease()) {
			released(member, now);
		}
	}

	/** The first response of a cold service has begun: it can take more by now. */
	void warmed(Member<Q, R> member, long now) {
		if (!member.limit.isCold()) {
			return;
		}
		this.warmUp.warmed(member, now);
		member.suspension.ejection.probationEnds();
		if (member.state == Member.State.BUSY) {
			serve(member, now);
		}
	}

	/** Some of the requests in flight take so many more places, or so many fewer. */
	void occupied(Member<Q, R> member, int permits, long now) {
		member.limit.occupy(permits);
		if (member.state == Member.State.BUSY) {
			serve(member, now);
		}
	}

	/** A member that was set aside takes requests again. */
	void suspensionEnded(Member<Q, R> member, long now) {
		boolean ready = !member.polling && !member.suspension.reportedPending;
		member.suspension.reportedPending = false;
		if (ready) {
			serve(member, now);
		}
	}

	/** An ejected member is to be tried: by the first who waits, or the next to come. */
	void offerProbe(Member<Q, R> member, long now) {
		Waiter<Q, R> first = this.waitQueue.first();
		if (first == null) {
			this.registry.offerProbe(member);
		}
		else if (member.polled) {
			beginPoll(member);
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
	 * A caller whose request was refused has found another service, for which it is no
	 * sample.
	 * @return whether it got a place
	 */
	boolean acquireAfterRefusal(Waiter<Q, R> waiter, Member<Q, R> member) {
		boolean acquired = member.permits.tryAcquireUnsampled();
		if (acquired) {
			waiter.grant(member);
		}
		return acquired;
	}

	/** A caller has come that is to try an ejected member, unless another was first. */
	void acquireProbe(Waiter<Q, R> waiter, Member<Q, R> member, long now) {
		if (member.probing) {
			this.registry.endOffer(member);
			member.permits.acquire();
			markProbe(waiter, member);
			waiter.grant(member);
			this.scaler.ready(samples(waiter), now);
		}
	}

	/** Whatever an ejected member is given to do, it is a trial. */
	private void markProbe(Waiter<Q, R> waiter, Member<Q, R> member) {
		if (member.state == Member.State.EJECTED) {
			waiter.probe = true;
			member.suspension.ejection.probeBegins();
		}
	}

	/** A member that is live and not in the ready set may be able to take requests. */
	private void serve(Member<Q, R> member, long now) {
		int granted = 0;
		if (!member.polled) {
			Waiter<Q, R> first = this.waitQueue.first();
			while (first != null && !member.permits.isFull()) {
				member.permits.acquire();
				this.waitQueue.grant(first, member);
				granted += samples(first);
				first = this.waitQueue.first();
			}
			this.warmUp.called(member, now);
		}
		if (member.permits.isFull()) {
			member.state = Member.State.BUSY;
		}
		else if (this.waitQueue.waiting() == 0) {
			this.registry.ready(member);
		}
		else {
			beginPoll(member);
			this.recorder.effect(new Effect.Poll<>(member));
		}
		this.scaler.ready(granted, now);
	}

	/** A caller that is served is a ready sample, unless it has been one before. */
	private static int samples(Waiter<?, ?> served) {
		return served.again ? 0 : 1;
	}

	private void beginPoll(Member<Q, R> member) {
		this.registry.beginPoll(member);
		member.permits.acquire();
	}

	/**
	 * A caller wants to poll a member for itself.
	 * @return whether it may: not if the member is not ready any more
	 */
	boolean reserve(Member<Q, R> member) {
		boolean reserved = member.probing || (member.state == Member.State.READY && !member.permits.isFull());
		if (reserved) {
			beginPoll(member);
		}
		return reserved;
	}

	/**
	 * A poll has ended.
	 * @param readiness what the service said
	 * @param caller who polled for itself; if absent, the poll was for the queue
	 */
	void polled(Member<Q, R> member, Readiness readiness, @Nullable Waiter<Q, R> caller, long now) {
		endPoll(member, readiness);
		Waiter<Q, R> first = this.waitQueue.first();
		int granted = 0;
		if (readiness == Readiness.PENDING) {
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

	/** A poll has failed, and with it the service. */
	void pollFailed(Member<Q, R> member, Failure failure, long now) {
		endPoll(member, Readiness.READY);
		member.permits.undoAcquire();
		if (member.isLive()) {
			if (member.permits.calls() == 0) {
				this.creations.wasted(failure);
				this.registry.allocator().wasted(member.target, now);
			}
			this.retirement.evict(member, "pollReady failed: " + failure, now);
		}
		this.retirement.closeIfIdle(member, now);
	}

	private void endPoll(Member<Q, R> member, Readiness readiness) {
		if (member.woken && readiness == Readiness.PENDING) {
			// One more poll, but not on this thread: a service that does this each time
			// must not keep a caller busy for ever.
			this.recorder.effect(new Effect.WakeUp<>(member));
		}
		this.registry.endPoll(member);
	}

	private void afterPoll(Member<Q, R> member, Readiness readiness, long now) {
		if (!member.isLive()) {
			this.retirement.closeIfIdle(member, now);
		}
		else if (member.isSuspended()) {
			member.suspension.reportedPending = readiness == Readiness.PENDING;
		}
		else if (readiness != Readiness.PENDING) {
			serve(member, now);
		}
	}

	/** A service says that it may have become ready. */
	void wokeUp(Member<Q, R> member, long now) {
		if (member.polling) {
			member.woken = true;
		}
		else if (member.isSuspended()) {
			member.suspension.reportedPending = false;
		}
		else if (member.state == Member.State.PENDING) {
			serve(member, now);
		}
	}

}
