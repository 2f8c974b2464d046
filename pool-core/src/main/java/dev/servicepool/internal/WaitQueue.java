package dev.servicepool.internal;

import java.time.Duration;

import dev.servicepool.internal.leak.LeaseRecord;
import dev.servicepool.internal.util.Failure;
import dev.servicepool.internal.util.Figures;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * Waiting callers: their order, the samples they cause, and their rejection. While an
 * overload lasts, callers wait only briefly. They would otherwise receive all their
 * responses late, although no more of them are served. Guarded by the lock.
 */
final class WaitQueue<Q, R> implements MaintenanceTask {

	/** The time that a caller waits at most while an overload lasts. */
	private static final long MAX_WAIT_IN_OVERLOAD = Duration.ofMillis(150).toNanos();

	private static final String NO_SERVICE = "no service is available because the last attempt to create one failed";

	private static final String NO_TARGET = "no service is available because all targets are drained";

	private final int maxWaiting;

	private final String createTimeout;

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	private final CreationTracker<Q, R> creations;

	private final OutageDetector<Q, R> outageDetector;

	private final OverloadDetector overload;

	private final WaiterList<Q, R> queue = new WaiterList<>();

	/**
	 * The number of callers in the wait queue whose current request is not sampled yet.
	 */
	private int unsampled;

	/**
	 * The number of callers in the wait queue with a condition for their service. Written
	 * under the lock, read by any thread.
	 */
	private volatile int withCondition;

	private long rejected;

	private long timedOut;

	WaitQueue(PoolSettings settings, MemberRegistry<Q, R> registry, EventRecorder<Q, R> recorder,
			CreationTracker<Q, R> creations, OutageDetector<Q, R> outageDetector) {
		this.maxWaiting = settings.maxWaiting();
		this.createTimeout = Figures.of(settings.createTimeout());
		this.registry = registry;
		this.recorder = recorder;
		this.creations = creations;
		this.outageDetector = outageDetector;
		this.overload = new OverloadDetector(this.maxWaiting);
	}

	int waiting() {
		return this.queue.size();
	}

	/** Return whether a caller with a condition for its service waits. Any thread. */
	boolean hasConditions() {
		return this.withCondition > 0;
	}

	int unsampled() {
		return this.unsampled;
	}

	private @Nullable Waiter<Q, R> first() {
		return this.queue.first();
	}

	/** Return the first caller that a service may serve. */
	@Nullable Waiter<Q, R> firstFor(Member<Q, R> member) {
		Waiter<Q, R> waiter = first();
		while (waiter != null && !waiter.accepts(member)) {
			waiter = waiter.next;
		}
		return waiter;
	}

	/**
	 * Return whether the wait queue is full for a caller. The wait queue is never full
	 * for a caller whose request was refused.
	 */
	boolean isFullFor(Waiter<Q, R> waiter) {
		return waiting() >= this.maxWaiting && !waiter.again;
	}

	/** Add a caller to the wait queue, or reject the caller if the wait queue is full. */
	void join(Waiter<Q, R> waiter, long now) {
		if (isFullFor(waiter)) {
			waiter.reject(overloaded("wait queue is full", now));
			return;
		}
		if (waiter.polledItself || waiter.again) {
			this.queue.addFirst(waiter);
		}
		else {
			this.queue.addLast(waiter);
		}
		this.unsampled += waiter.sampled ? 0 : 1;
		this.withCondition += (waiter.wanted != null) ? 1 : 0;
	}

	/**
	 * While an overload lasts, reject the callers that have waited for some time. The
	 * last caller stays, so that the next permit is used.
	 */
	@Override
	public void run(long now) {
		for (Waiter<Q, R> waiter = first(); waiter != null && nanosToNextRun(now) <= 0; waiter = first()) {
			reject(waiter, overloaded("wait queue remains full", now));
		}
	}

	@Override
	public long nanosToNextRun(long now) {
		Waiter<Q, R> first = first();
		return (first != null && !first.again && waiting() > 1 && this.overload.isLasting(now))
				? first.since + MAX_WAIT_IN_OVERLOAD - now : Long.MAX_VALUE;
	}

	/** Record the rejection of a caller because of the load. */
	private Rejection overloaded(String message, long now) {
		if (this.registry.isFull() && !this.creations.inProgress()) {
			this.overload.rejected(now);
		}
		rejected(message + " (maxWaiting=" + this.maxWaiting + ")", now);
		return rejection(Rejection.Reason.OVERLOADED, message, "maxWaiting=" + this.maxWaiting + "; ", null);
	}

	/** Remove a caller from the wait queue, if the caller is waiting. */
	void remove(Waiter<Q, R> waiter) {
		if (waiter.queued) {
			this.queue.remove(waiter);
			this.unsampled -= waiter.sampled ? 0 : 1;
			this.withCondition -= (waiter.wanted != null) ? 1 : 0;
		}
	}

	void grant(Waiter<Q, R> waiter, Member<Q, R> member) {
		remove(waiter);
		waiter.grant(member);
		this.overload.served();
		this.recorder.effect(new Effect.Wake<>(waiter));
	}

	/**
	 * Mark all waiting callers as unsampled, because a creation has ended or a backoff is
	 * over. Each waiting caller then counts as a new request.
	 */
	void markUnsampled() {
		for (Waiter<Q, R> waiter = first(); waiter != null; waiter = waiter.next) {
			waiter.sampled = false;
		}
		this.unsampled = waiting();
	}

	/**
	 * Mark all waiting callers as sampled.
	 * @return the number of callers that were not sampled before
	 */
	int markSampled() {
		int marked = this.unsampled;
		for (Waiter<Q, R> waiter = first(); waiter != null; waiter = waiter.next) {
			waiter.sampled = true;
		}
		this.unsampled = 0;
		return marked;
	}

	void timeOut(Waiter<Q, R> waiter, long now) {
		Duration waitedFor = Duration.ofMillis((now - waiter.since) / 1_000_000);
		Rejection rejection = rejection(Rejection.Reason.TIMED_OUT,
				"no service became available within " + Figures.of(waitedFor), cause(),
				this.registry.longestActive(now));
		this.timedOut++;
		this.recorder.event(Type.TIMED_OUT, rejection.message());
		this.outageDetector.failed(rejection.message(), now);
		waiter.reject(rejection);
	}

	/** Reject all waiting callers because the pool is closed. */
	void rejectAll(String message) {
		if (waiting() == 0) {
			return;
		}
		Rejection rejection = rejection(Rejection.Reason.CLOSED, message);
		for (Waiter<Q, R> waiter = first(); waiter != null; waiter = first()) {
			reject(waiter, rejection);
		}
	}

	/** Reject all waiting callers because there is no service. */
	void rejectWithoutService(long now) {
		if (waiting() == 0) {
			return;
		}
		Rejection rejection = rejectionWithoutService();
		for (Waiter<Q, R> waiter = first(); waiter != null; waiter = first()) {
			rejected(rejection.message(), now);
			reject(waiter, rejection);
		}
	}

	/**
	 * Reject a caller that is no longer in the wait queue because there is no service.
	 */
	void rejectWithoutService(Waiter<Q, R> waiter, long now) {
		Rejection rejection = rejectionWithoutService();
		rejected(rejection.message(), now);
		waiter.reject(rejection);
	}

	private Rejection rejectionWithoutService() {
		return rejection(Rejection.Reason.NO_SERVICE, (this.registry.targets().size() > 0) ? NO_SERVICE : NO_TARGET);
	}

	private void reject(Waiter<Q, R> waiter, Rejection rejection) {
		remove(waiter);
		waiter.reject(rejection);
		this.recorder.effect(new Effect.Wake<>(waiter));
	}

	private void rejected(String message, long now) {
		this.rejected++;
		this.recorder.event(Type.REJECTED, message);
		this.outageDetector.failed(message, now);
	}

	/** Return the settings that kept the pool from creating a service, as text. */
	private String cause() {
		if (this.registry.isFull()) {
			return "maxServices=" + this.registry.maxServices() + "; ";
		}
		return this.creations.inProgress() ? "createTimeout=" + this.createTimeout + "; " : "";
	}

	Rejection rejection(Rejection.Reason reason, String message) {
		return rejection(reason, message, "", null);
	}

	private Rejection rejection(Rejection.Reason reason, String message, String limit,
			LeaseRecord.@Nullable Observed longestActive) {
		String counts = limit + this.registry.counts(this.creations.count()) + "; " + waiting() + " waiting";
		SuspendedMembers<Q, R> suspended = this.registry.suspended();
		String ejection = (suspended.ejected() > 0) ? "; last ejection: " + suspended.lastEjection() : "";
		Failure failure = this.creations.lastFailure();
		return new Rejection(reason,
				message + " (" + counts + ejection + ((failure != null) ? "; last failure: " + failure : "") + ")",
				longestActive, (failure != null) ? failure.cause() : null);
	}

	PoolSnapshot.Calls calls() {
		return this.registry.counters().calls(this.registry.all(), this.rejected, this.timedOut);
	}

}
