package dev.servicepool;

import dev.servicepool.PoolEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for a service: who is next, who has yet to be sampled, and how those end
 * who get none. Guarded by the pool's lock.
 */
final class WaitQueue<Q, R> {

	private final String pool;

	private final int maxWaiting;

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	private final Creations<Q, R> creations;

	private final WaiterList<Q, R> queue = new WaiterList<>();

	/** How many in the queue have not been sampled since they last asked. */
	private int unsampled;

	private long rejected;

	private long timedOut;

	WaitQueue(String pool, PoolSettings settings, MemberRegistry<Q, R> registry, EventRecorder<Q, R> recorder,
			Creations<Q, R> creations) {
		this.pool = pool;
		this.maxWaiting = settings.maxWaiting();
		this.registry = registry;
		this.recorder = recorder;
		this.creations = creations;
	}

	int waiting() {
		return this.queue.size();
	}

	int unsampled() {
		return this.unsampled;
	}

	@Nullable Waiter<Q, R> first() {
		return this.queue.first();
	}

	/** Whether a caller may not join the queue, which is too long. */
	boolean rejectsIfFull(Waiter<Q, R> waiter) {
		return waiting() >= this.maxWaiting && !waiter.again;
	}

	/** Join the queue, if it is not too long. */
	void join(Waiter<Q, R> waiter) {
		if (rejectsIfFull(waiter)) {
			String message = waiting() + " callers wait, and maxWaiting is " + this.maxWaiting;
			this.rejected++;
			this.recorder.event(Type.REJECTED, message);
			waiter.reject(rejection(Rejection.Reason.OVERLOADED, "is overloaded: " + message));
			return;
		}
		if (waiter.returned || waiter.again) {
			this.queue.addFirst(waiter);
		}
		else {
			this.queue.addLast(waiter);
		}
		this.unsampled += waiter.sampled ? 0 : 1;
	}

	/** Leave the queue, if in it. */
	void remove(Waiter<Q, R> waiter) {
		if (waiter.queued) {
			this.queue.remove(waiter);
			this.unsampled -= waiter.sampled ? 0 : 1;
		}
	}

	void grant(Waiter<Q, R> waiter, Member<Q, R> member) {
		remove(waiter);
		waiter.grant(member);
		this.recorder.effect(new Effect.Wake<>(waiter));
	}

	/**
	 * A make has ended, or a new one may be tried: every caller that waits asks again.
	 */
	void askAgain() {
		for (Waiter<Q, R> waiter = first(); waiter != null; waiter = waiter.next) {
			waiter.sampled = false;
		}
		this.unsampled = waiting();
	}

	/** Those who have not been sampled find no service ready, first come first. */
	void sample(Scaler<Q, R> scaler, long now) {
		for (Waiter<Q, R> waiter = first(); waiter != null; waiter = waiter.next) {
			if (!waiter.sampled) {
				waiter.sampled = true;
				scaler.pending(now);
			}
		}
		this.unsampled = 0;
	}

	void timeOut(Waiter<Q, R> waiter, long now) {
		Rejection rejection = rejection(Rejection.Reason.TIMED_OUT, "had no service in time",
				this.registry.longestActive(now));
		this.timedOut++;
		this.recorder.event(Type.TIMED_OUT, rejection.message());
		waiter.reject(rejection);
	}

	void rejectAll(Rejection.Reason reason, String message) {
		if (waiting() == 0) {
			return;
		}
		Rejection rejection = rejection(reason, message);
		for (Waiter<Q, R> waiter = first(); waiter != null; waiter = first()) {
			remove(waiter);
			waiter.reject(rejection);
			this.recorder.effect(new Effect.Wake<>(waiter));
		}
	}

	Rejection rejection(Rejection.Reason reason, String message) {
		return rejection(reason, message, null);
	}

	private Rejection rejection(Rejection.Reason reason, String message, LeaseRecord.@Nullable Seen longestActive) {
		String counts = this.registry.counts(this.creations.inProgress()) + "; " + waiting() + " waiting";
		SuspendedMembers<Q, R> suspended = this.registry.suspended();
		String ejection = (suspended.ejected() > 0) ? "; last ejection: " + suspended.lastEjection() : "";
		Failure failure = this.creations.lastFailure();
		return new Rejection(reason,
				"Pool '" + this.pool + "' " + message + " (" + counts + ejection
						+ ((failure != null) ? "; last failure: " + failure : "") + ")",
				longestActive, (failure != null) ? failure.cause() : null);
	}

	PoolSnapshot.Calls calls() {
		return this.registry.counters().calls(this.registry.all(), this.rejected, this.timedOut);
	}

}
