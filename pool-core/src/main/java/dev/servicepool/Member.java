package dev.servicepool;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.servicepool.internal.balance.Candidate;
import dev.servicepool.load.LoadTracker;
import org.jspecify.annotations.Nullable;

/**
 * One service in its pool.
 */
final class Member<Q, R> extends Candidate {

	/** What a member is doing, see docs/concurrency.md for the transitions. */
	enum State {

		/** In the ready set. */
		READY,

		/** At its limit, and closed. */
		BUSY,

		/** Has said that it is pending, or is being asked. */
		PENDING,

		/** Set aside, and closed: its server has asked for no requests. */
		PAUSED,

		/** Set aside, and closed: it has failed. Single requests try it. */
		EJECTED,

		/** Takes no more requests; some are in flight. */
		DRAINING,

		/** Its service is being closed. */
		CLOSING,

		/** Gone. */
		CLOSED

	}

	final long id;

	final Target target;

	final Service<Q, R> service;

	final ServiceLoadTracker loadTracker;

	final Permits permits;

	/** The leases that are held, if the pool tracks them. */
	final LeaseTracker leaseTracker = new LeaseTracker();

	final ConcurrencyLimit limit;

	private final long joinedAt;

	private final Consumer<Member<Q, R>> onWakeUp;

	/** Requests that failed. Any thread. */
	final AtomicLong failed = new AtomicLong();

	/** Those of them that were not the fault of the service. Any thread. */
	final AtomicLong ignored = new AtomicLong();

	/** Requests that were never sent. Any thread. */
	final AtomicLong unsent = new AtomicLong();

	/** Requests that ended without an outcome. Any thread. */
	final AtomicLong unknown = new AtomicLong();

	/**
	 * Whether the service is asked before each request. Set before the member is
	 * published, then only read.
	 */
	boolean polled;

	/** Guarded by the lock. */
	State state = State.PENDING;

	/** Whether a poll is under way; a new member is being asked. Guarded by the lock. */
	boolean polling = true;

	/** Why it is set aside, if it is. Guarded by the lock. */
	final Suspension suspension;

	/**
	 * Whether the next request is to try the service, which is ejected: it is in the
	 * ready set for that, but closed. Written under the lock, read by any thread.
	 */
	volatile boolean probing;

	/** Whether a wake-up came during the poll. Guarded by the lock. */
	boolean woken;

	/** Whether the member leaves because it failed. Guarded by the lock. */
	boolean evicted;

	/** Whether the service is to be replaced at some time. Guarded by the lock. */
	boolean expires;

	/** When that is. Guarded by the lock. */
	long expiry;

	/** When the service must have closed. Guarded by the lock. */
	long closeDeadline;

	/**
	 * Since when the first response is awaited, if {@link WarmUp} says that it is.
	 * Guarded by the lock.
	 */
	long firstAwaitedSince;

	/** How many requests there were when last looked at. Guarded by the lock. */
	private long callsSeen;

	/** Since when there were no others. Guarded by the lock. */
	private long quietSince;

	Member(long id, Target target, Service<Q, R> service, LoadTracker loadTracker, PoolSettings settings, long joinedAt,
			Consumer<Member<Q, R>> onWakeUp) {
		this.id = id;
		this.target = target;
		this.service = service;
		this.loadTracker = new ServiceLoadTracker(toString(), service, loadTracker);
		this.permits = new Permits(settings.maxConcurrency());
		this.limit = new ConcurrencyLimit(this.permits);
		this.suspension = new Suspension(settings.outlierDetection(), joinedAt);
		this.joinedAt = joinedAt;
		this.onWakeUp = onWakeUp;
	}

	/**
	 * Ask the service whether it is ready. Never under the lock.
	 * @return its answer
	 * @throws Exception if the service has failed
	 */
	Readiness poll() throws Exception {
		Readiness readiness = this.service.pollReady(this::wakeUp);
		if (readiness == null) {
			throw new IllegalStateException("pollReady returned null");
		}
		return readiness;
	}

	private void wakeUp() {
		this.onWakeUp.accept(this);
	}

	/**
	 * Whether the member belongs to the pool and is not about to leave. Under the lock.
	 * @return whether it is ready, busy, pending or set aside
	 */
	boolean isLive() {
		return this.state == State.READY || this.state == State.BUSY || this.state == State.PENDING || isSuspended();
	}

	/** Whether it gets no requests although it is live. Under the lock. */
	boolean isSuspended() {
		return this.state == State.PAUSED || this.state == State.EJECTED;
	}

	/**
	 * Whether a request can be sent to try the service, if it is time. Under the lock.
	 */
	boolean canBeProbed() {
		return !this.probing && !this.permits.isFull() && !this.polling && !this.suspension.reportedPending;
	}

	@Override
	protected boolean isReady() {
		return this.permits.isAvailable() || (this.polled && !this.permits.isFull()) || this.probing;
	}

	/**
	 * Whether there has been no traffic for a while, as far as is known from the times at
	 * which this was asked. Under the lock.
	 */
	boolean isQuiet(long nanos, long now) {
		long calls = this.permits.calls();
		if (calls != this.callsSeen || this.permits.inFlight() > 0) {
			this.callsSeen = calls;
			this.quietSince = now;
			return false;
		}
		return now - this.quietSince >= nanos;
	}

	/** A service that is to be tried is preferred: the next request is to go to it. */
	@Override
	protected double load(long now) {
		return this.probing ? -1 : measuredLoad(now);
	}

	private double measuredLoad(long now) {
		return this.loadTracker.load(now, this.permits.inFlight());
	}

	/**
	 * Return how many requests were answered. A request that is just ending may be
	 * counted as in flight and as failed at once; it is never counted as answered.
	 * @return at least 0
	 */
	long succeeded() {
		return Math.max(0, this.permits.ended() - this.failed.get() - this.unsent.get() - this.unknown.get());
	}

	/**
	 * Return how many requests have shown that the service works, whatever came of them
	 * for their callers.
	 * @return at least 0
	 */
	long successes() {
		return succeeded() + this.ignored.get();
	}

	/** Return what the service says of itself. Foreign code, so never under the lock. */
	Observed observe(long now) {
		try {
			return new Observed(measuredLoad(now), Map.copyOf(this.service.details()));
		}
		catch (RuntimeException | Error ex) {
			return new Observed(measuredLoad(now), Map.of("details", "failed: " + Failure.describe(ex)));
		}
	}

	/**
	 * What a snapshot needs to know from foreign code.
	 *
	 * @param load the load of the service
	 * @param details what the service says of itself
	 */
	record Observed(double load, Map<String, String> details) {

		/** A service that joined just now. */
		static final Observed NOTHING = new Observed(Double.NaN, Map.of());

	}

	PoolSnapshot.ServiceSnapshot snapshot(long now, Observed observed) {
		return new PoolSnapshot.ServiceSnapshot(this.id, this.target.name(), publicState(), this.permits.inFlight(),
				publicLimit(this.permits.limit()), publicLimit(this.limit.learned()), observed.load(),
				Duration.ofNanos(now - this.joinedAt), this.permits.calls(), this.failed.get(),
				this.suspension.ejection.times(), suspension(now), observed.details());
	}

	private static OptionalInt publicLimit(int limit) {
		return (limit < Permits.MOST) ? OptionalInt.of(limit) : OptionalInt.empty();
	}

	private PoolSnapshot.@Nullable Suspension suspension(long now) {
		return switch (this.state) {
			case EJECTED -> new PoolSnapshot.Suspension(Duration.ofNanos(this.suspension.ejection.remaining(now)),
					this.suspension.ejection.reason());
			case PAUSED -> new PoolSnapshot.Suspension(Duration.ofNanos(this.suspension.remainingPause(now)),
					"its server asks for no requests");
			default -> null;
		};
	}

	PoolSnapshot.ServiceSnapshot.State publicState() {
		return switch (this.state) {
			case READY -> this.permits.isFull() ? PoolSnapshot.ServiceSnapshot.State.BUSY
					: PoolSnapshot.ServiceSnapshot.State.READY;
			case BUSY -> PoolSnapshot.ServiceSnapshot.State.BUSY;
			case PENDING -> PoolSnapshot.ServiceSnapshot.State.PENDING;
			case PAUSED -> PoolSnapshot.ServiceSnapshot.State.PAUSED;
			case EJECTED -> PoolSnapshot.ServiceSnapshot.State.EJECTED;
			case DRAINING -> PoolSnapshot.ServiceSnapshot.State.DRAINING;
			case CLOSING, CLOSED -> PoolSnapshot.ServiceSnapshot.State.CLOSING;
		};
	}

	@Override
	public String toString() {
		return "service " + this.id + " for " + this.target.name();
	}

}
