package dev.servicepool.internal;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Readiness;
import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.internal.balance.Candidate;
import dev.servicepool.load.LoadTracker;
import org.jspecify.annotations.Nullable;

/**
 * Service in its pool.
 */
final class Member<Q, R> extends Candidate {

	/** States of a member; see docs/concurrency.md for the transitions. */
	enum State {

		/** The service is in the ready set. */
		READY,

		/** The service is at its limit, and closed. */
		BUSY,

		/** The service reported that it is pending, or is being polled. */
		PENDING,

		/** The service is suspended and closed because its server asked for a pause. */
		PAUSED,

		/** The service is suspended and closed because it failed. Probes test it. */
		EJECTED,

		/** The service accepts no more requests; some are in flight. */
		DRAINING,

		/** The service is being closed. */
		CLOSING,

		/** The service is closed and not part of the pool any more. */
		CLOSED

	}

	final long id;

	final Target target;

	final Service<Q, R> service;

	final ServiceLoadTracker loadTracker;

	final Permits permits;

	/** The active leases, if the pool tracks them. */
	final LeaseTracker leaseTracker = new LeaseTracker();

	final ConcurrencyLimit limit;

	private final long joinedAt;

	private final Consumer<Member<Q, R>> onWakeUp;

	/** The number of failed requests. Any thread. */
	final AtomicLong failed = new AtomicLong();

	/**
	 * The number of ignored failures, which are included in {@link #failed}. Any thread.
	 */
	final AtomicLong ignored = new AtomicLong();

	/** The number of requests that were never sent. Any thread. */
	final AtomicLong unsent = new AtomicLong();

	/** The number of requests that ended without an outcome. Any thread. */
	final AtomicLong unknown = new AtomicLong();

	/**
	 * Whether the service is polled before each request. Set before the member is
	 * published, then only read.
	 */
	boolean polled;

	/** Guarded by the lock. */
	State state = State.PENDING;

	/**
	 * Whether a poll is in progress; initially true because a new member is polled once.
	 * Guarded by the lock.
	 */
	boolean polling = true;

	/** The reason for a suspension. Guarded by the lock. */
	final Suspension suspension;

	/**
	 * Whether the next request is a probe. An ejected service that offers a probe is in
	 * the ready set, but closed. Written under the lock, read by any thread.
	 */
	volatile boolean probing;

	/** Whether a wake-up arrived during the poll. Guarded by the lock. */
	boolean woken;

	/** Whether the member was retired because it failed. Guarded by the lock. */
	boolean evicted;

	/** Whether the service has an expiry. Guarded by the lock. */
	boolean expires;

	/** The time at which the service expires. Guarded by the lock. */
	long expiry;

	/** The time at which the close of the service is overdue. Guarded by the lock. */
	long closeDeadline;

	/**
	 * The time since which {@link WarmUp} awaits the first response. Guarded by the lock.
	 */
	long firstAwaitedSince;

	/** The number of requests at the last check. Guarded by the lock. */
	private long lastCalls;

	/** The time since which there was no traffic. Guarded by the lock. */
	private long quietSince;

	Member(String pool, long id, Target target, Service<Q, R> service, LoadTracker loadTracker, PoolSettings settings,
			long joinedAt, Consumer<Member<Q, R>> onWakeUp) {
		this.id = id;
		this.target = target;
		this.service = service;
		this.loadTracker = new ServiceLoadTracker(pool, toString(), service, loadTracker);
		this.permits = new Permits(settings.maxConcurrency());
		this.limit = new ConcurrencyLimit(this.permits);
		this.suspension = new Suspension(settings.outlierDetection(), joinedAt);
		this.joinedAt = joinedAt;
		this.onWakeUp = onWakeUp;
	}

	/**
	 * Poll the service. Never under the lock.
	 * @return the readiness
	 * @throws Exception if the service has failed
	 */
	Readiness poll() throws Exception {
		Readiness readiness = this.service.pollReady(this::wakeUp);
		if (readiness == null) {
			throw new IllegalStateException("Service.pollReady must return a Readiness but returned null");
		}
		return readiness;
	}

	private void wakeUp() {
		this.onWakeUp.accept(this);
	}

	/**
	 * Return whether the member belongs to the pool and is not retired. Under the lock.
	 * @return whether the member is ready, busy, pending or suspended
	 */
	boolean isLive() {
		return this.state == State.READY || this.state == State.BUSY || this.state == State.PENDING || isSuspended();
	}

	/** Return whether the live member is ejected or paused. Under the lock. */
	boolean isSuspended() {
		return this.state == State.PAUSED || this.state == State.EJECTED;
	}

	/** Return whether a probe can be sent once it is due. Under the lock. */
	boolean canBeProbed() {
		return !this.probing && !this.permits.isFull() && !this.polling && !this.suspension.reportedPending;
	}

	@Override
	protected boolean isReady() {
		return this.permits.isAvailable() || (this.polled && !this.permits.isFull()) || this.probing;
	}

	/**
	 * Return whether there was no traffic for a while, judged by the calls of this
	 * method. Under the lock.
	 */
	boolean isQuiet(long nanos, long now) {
		long calls = this.permits.calls();
		if (calls != this.lastCalls || this.permits.inFlight() > 0) {
			this.lastCalls = calls;
			this.quietSince = now;
			return false;
		}
		return now - this.quietSince >= nanos;
	}

	/**
	 * Return the load score. A service that offers a probe has the lowest one, so that
	 * the next request goes to it.
	 */
	@Override
	protected double load(long now) {
		return this.probing ? -1 : this.loadTracker.compare(now, this.permits.inFlight());
	}

	private double measuredLoad(long now) {
		return this.loadTracker.load(now, this.permits.inFlight());
	}

	/**
	 * Return the number of requests that succeeded. A request that is just ending may be
	 * counted both as in flight and as failed. It is never counted as succeeded
	 * prematurely.
	 * @return at least 0
	 */
	long succeeded() {
		return Math.max(0, this.permits.ended() - this.failed.get() - this.unsent.get() - this.unknown.get());
	}

	/**
	 * Return the number of service failures. An ignored failure that is just being
	 * counted may be included.
	 * @return at least 0
	 */
	long failures() {
		return Math.max(0, this.failed.get() - this.ignored.get());
	}

	/**
	 * Return the number of requests that indicate that the service works, including
	 * ignored failures.
	 * @return at least 0
	 */
	long successes() {
		return succeeded() + this.ignored.get();
	}

	/** Return what user code reports about the service. Never under the lock. */
	Observed observe(long now) {
		try {
			return new Observed(measuredLoad(now), Map.copyOf(this.service.details()));
		}
		catch (RuntimeException | Error ex) {
			return new Observed(measuredLoad(now), Map.of("details", "failed: " + Failure.of(ex)));
		}
	}

	/**
	 * Values of a snapshot that come from user code.
	 *
	 * @param load the load score of the service
	 * @param details the details that the service reports
	 */
	record Observed(double load, Map<String, String> details) {

		/** Values of a service that has just joined. */
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
					"pause requested by its server");
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
