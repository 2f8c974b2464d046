package dev.servicepool.internal;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

import dev.servicepool.internal.leak.LeaseTracker;
import dev.servicepool.internal.outlier.ConnectionAge;
import dev.servicepool.internal.outlier.Responsiveness;
import dev.servicepool.internal.outlier.Suspension;
import dev.servicepool.internal.permit.CallOutcomes;
import dev.servicepool.internal.permit.ConcurrencyLimit;
import dev.servicepool.internal.permit.Permits;
import dev.servicepool.internal.permit.RecentConcurrency;
import dev.servicepool.internal.util.Failure;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Readiness;
import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.internal.balance.Candidate;
import dev.servicepool.internal.balance.EarlyErrors;
import dev.servicepool.load.LoadTracker;
import org.jspecify.annotations.Nullable;

/**
 * Service in its pool.
 */
final class Member<Q, R> extends Candidate {

	/** States of a member; see docs/concurrency.md for the transitions. */
	private enum State {

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
		CLOSED;

		/** Return whether the service is part of the pool and not suspended. */
		private boolean isActive() {
			return this == READY || this == BUSY || this == PENDING;
		}

	}

	final long id;

	final Target target;

	final Service<Q, R> service;

	final ServiceLoadTracker loadTracker;

	final Permits permits;

	final ConcurrencyLimit limit;

	final CallOutcomes outcomes;

	/** The active leases, if the pool tracks them. */
	final LeaseTracker leaseTracker = new LeaseTracker();

	/** The reasons for a suspension. Guarded by the lock. */
	final Suspension suspension;

	final Responsiveness responsiveness;

	private final ConnectionAge connectionAge = new ConnectionAge();

	/** The error responses that count as requests in flight. */
	final EarlyErrors earlyErrors;

	/** Whether the client of the service keeps connections for later requests. */
	private final boolean keepsConnections;

	private final RecentConcurrency recentConcurrency = new RecentConcurrency();

	private final long joinedAt;

	private final Consumer<Member<Q, R>> onWakeUp;

	/**
	 * Whether the service is polled before each request. Set by the first poll, before
	 * the member is published, then only read.
	 */
	private boolean polledEachTime;

	/**
	 * Whether all requests share one connection, as the service last said. Written by any
	 * thread; the values differ only until the service knows its protocol.
	 */
	private volatile boolean shared;

	/**
	 * Whether the service had a connection before it joined. Written by the thread that
	 * creates the service, before the member is published.
	 */
	private boolean connected;

	/** Guarded by the lock. */
	private State state = State.PENDING;

	/**
	 * Whether a poll is in progress; initially true because a new member is polled once.
	 * Guarded by the lock.
	 */
	private boolean polling = true;

	/** Whether a wake-up arrived during the poll. Guarded by the lock. */
	private boolean woken;

	/**
	 * Whether the next request is a probe. An ejected service that offers a probe is in
	 * the ready set, but closed. Written under the lock, read by any thread.
	 */
	private volatile boolean probing;

	/**
	 * Whether the service may not respond any more. Written under the lock, read by any
	 * thread.
	 */
	private volatile boolean suspect;

	/**
	 * Whether the service replaces a suspect one, and it is not known yet which of them
	 * stays. Guarded by the lock.
	 */
	private boolean successor;

	/**
	 * Whether the service has lost its only connection, and it is not known yet whether
	 * it can establish another one. Written under the lock, read by any thread.
	 */
	private volatile boolean reconnecting;

	/** Whether the member was retired because it failed. Guarded by the lock. */
	private boolean evicted;

	/** The tier of the target, 0 if it is preferred. Guarded by the lock. */
	private int tier;

	/** Whether the service has an expiry. Guarded by the lock. */
	private boolean expires;

	/** The time at which the service expires. Guarded by the lock. */
	private long expiry;

	/**
	 * The number of requests after which the service is replaced. Set before the member
	 * is published, then only read.
	 */
	private long lastRequest = Long.MAX_VALUE;

	/** The number of requests at the last check. Guarded by the lock. */
	private long lastCalls;

	/** The time since which there was no traffic. Guarded by the lock. */
	private long quietSince;

	Member(String pool, CreationAttempt attempt, Service<Q, R> service, LoadTracker loadTracker, PoolSettings settings,
			long joinedAt, Consumer<Member<Q, R>> onWakeUp) {
		this.id = attempt.id;
		this.target = attempt.target;
		this.service = service;
		this.loadTracker = new ServiceLoadTracker(pool, toString(), service, loadTracker);
		this.permits = new Permits(settings.maxConcurrency());
		this.limit = new ConcurrencyLimit(this.permits);
		this.outcomes = new CallOutcomes(this.permits);
		this.suspension = new Suspension(settings.outlierDetection(), joinedAt);
		this.responsiveness = new Responsiveness(joinedAt);
		this.earlyErrors = new EarlyErrors(joinedAt);
		this.keepsConnections = !settings.coldAfter().isZero();
		this.joinedAt = joinedAt;
		this.quietSince = joinedAt;
		this.onWakeUp = onWakeUp;
	}

	/**
	 * Poll the service for the first time, before the member is published.
	 * @return the readiness
	 * @throws Exception if the service has failed
	 */
	Readiness pollFirst() throws Exception {
		Readiness readiness = poll();
		this.polledEachTime = readiness != Readiness.ALWAYS;
		sharesConnection();
		this.connected = this.service.isConnected();
		return readiness;
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

	/**
	 * Ask the service whether all requests share one connection. Never under the lock.
	 */
	boolean sharesConnection() {
		try {
			this.shared = this.service.sharesConnection();
		}
		catch (Throwable ex) {
			this.loadTracker.failed(ex);
			this.shared = false;
		}
		return this.shared;
	}

	/**
	 * Return whether a service without a connection is cold, because concurrent requests
	 * would each open one. Any thread.
	 */
	boolean canBeCold() {
		return this.shared;
	}

	/**
	 * Return whether the service has lost its only connection after a time. Under the
	 * lock.
	 */
	boolean hasLostConnectionAfter(long time) {
		return this.shared && this.responsiveness.hasLostConnectionAfter(time);
	}

	/** Return whether the service had a connection before it joined. */
	boolean joinsConnected() {
		return this.connected;
	}

	private void wakeUp() {
		this.onWakeUp.accept(this);
	}

	/** Return whether the service is polled before each request. Any thread. */
	boolean isPolledEachTime() {
		return this.polledEachTime;
	}

	/**
	 * Return whether the member belongs to the pool and is not retired. Under the lock.
	 * @return whether the member is ready, busy, pending or suspended
	 */
	boolean isLive() {
		return this.state.isActive() || isSuspended();
	}

	/** Return whether the live member is ejected or paused. Under the lock. */
	boolean isSuspended() {
		return isPaused() || isEjected();
	}

	boolean isReadyState() {
		return this.state == State.READY;
	}

	boolean isBusy() {
		return this.state == State.BUSY;
	}

	boolean isPending() {
		return this.state == State.PENDING;
	}

	boolean isPaused() {
		return this.state == State.PAUSED;
	}

	boolean isEjected() {
		return this.state == State.EJECTED;
	}

	boolean isDraining() {
		return this.state == State.DRAINING;
	}

	boolean isClosing() {
		return this.state == State.CLOSING;
	}

	/** Join the ready set, with a free permit. Under the lock. */
	void becomeReady() {
		transition(this.state.isActive(), State.READY);
	}

	/** Wait for a permit to be released. Under the lock. */
	void becomeBusy() {
		transition(this.state.isActive(), State.BUSY);
	}

	/** Eject the service because it failed. Under the lock. */
	void eject() {
		suspend(this.state.isActive() || isPaused(), State.EJECTED);
	}

	/** Pause the service because its server asked for it. Under the lock. */
	void pause() {
		suspend(this.state.isActive() || isEjected(), State.PAUSED);
	}

	private void suspend(boolean allowed, State to) {
		if (!isSuspended()) {
			this.suspension.reportedPending(isPending() && !this.polling);
		}
		transition(allowed, to);
		this.reconnecting = false;
	}

	/** End the suspension. Whether the service is ready is not known yet. */
	void endSuspension() {
		transition(isSuspended(), State.PENDING);
	}

	/** Accept no more requests. Under the lock. */
	void retire() {
		transition(isLive(), State.DRAINING);
		this.reconnecting = false;
	}

	/** Retire the member because it failed. Under the lock. */
	void evict() {
		retire();
		this.evicted = true;
	}

	boolean isEvicted() {
		return this.evicted;
	}

	/** Begin to close the service. Under the lock. */
	void beginClose() {
		transition(isDraining(), State.CLOSING);
	}

	/** Record that the service is closed. Under the lock. */
	void endClose() {
		transition(isClosing(), State.CLOSED);
	}

	private void transition(boolean allowed, State to) {
		if (!allowed) {
			throw new IllegalStateException("Transition of " + this + " from " + this.state + " to " + to);
		}
		this.state = to;
	}

	/** Begin a poll. The readiness is unknown until it ends. Under the lock. */
	void beginPoll() {
		if (!isSuspended()) {
			transition(this.state.isActive(), State.PENDING);
		}
		this.polling = true;
	}

	/**
	 * End a poll. Under the lock.
	 * @return whether a wake-up arrived during the poll
	 */
	boolean endPoll() {
		boolean woken = this.woken;
		this.polling = false;
		this.woken = false;
		return woken;
	}

	/** Return whether a poll is in progress. Under the lock. */
	boolean isPolling() {
		return this.polling;
	}

	/** Record that a wake-up arrived during the poll. Under the lock. */
	void wokenDuringPoll() {
		this.woken = true;
	}

	/** Offer a probe to the next caller, or withdraw the offer. Under the lock. */
	void offerProbe(boolean offered) {
		this.probing = offered;
	}

	/** Return whether the next request is a probe. Any thread. */
	boolean isProbing() {
		return this.probing;
	}

	/**
	 * Return whether the service can serve a request although it is suspended: a probe
	 * that is due, or a request that would otherwise wait. Under the lock.
	 */
	boolean canServeSuspended() {
		return !this.probing && !this.permits.isFull() && !this.polling && !this.suspension.reportedPending();
	}

	/** Record whether the service may not respond any more. Under the lock. */
	void suspect(boolean suspect) {
		this.suspect = suspect;
	}

	/**
	 * Record whether the service replaces a suspect one, and it is not known yet which of
	 * them stays. Under the lock.
	 */
	void successor(boolean successor) {
		this.successor = successor;
	}

	boolean isSuccessor() {
		return this.successor;
	}

	/** Return whether the service may not respond any more. Any thread. */
	boolean isSuspect() {
		return this.suspect;
	}

	/**
	 * Record that the only connection has ended. Under the lock.
	 * @return the number of requests that it has carried
	 */
	long endConnection() {
		return this.connectionAge.ended(this.permits.calls());
	}

	/**
	 * Return whether the connection is younger than the one that another service has
	 * lost. Any thread.
	 */
	boolean hasYoungerConnection(Member<Q, R> other) {
		return this.connectionAge.isYounger(this.permits.calls(), other.connectionAge);
	}

	/** Record whether the next connection is being tested. Under the lock. */
	void reconnecting(boolean reconnecting) {
		this.reconnecting = reconnecting;
	}

	/**
	 * Return whether the service has lost its only connection, and the next one is being
	 * tested. Any thread.
	 */
	boolean isReconnecting() {
		return this.reconnecting;
	}

	/**
	 * Set the order of the target. Under the lock, while the member is in no ready set.
	 * @param tier the tier of the target, 0 if it is preferred
	 * @param remote whether the target is in another zone than the preferred ones
	 */
	void order(int tier, boolean remote) {
		this.tier = tier;
		remote(remote);
	}

	/** Return the tier of the target, 0 if it is preferred. Under the lock. */
	int tier() {
		return this.tier;
	}

	/** Set the time at which the service expires. Under the lock. */
	void expireAt(long expiry) {
		this.expires = true;
		this.expiry = expiry;
	}

	/** Replace the service after a number of requests. */
	void wearOutAfter(int requests) {
		this.lastRequest = requests;
	}

	/** Return whether the service has had its number of requests. Any thread. */
	boolean isWornOut() {
		return this.permits.calls() >= this.lastRequest;
	}

	/** Return whether the service has an expiry. Under the lock. */
	boolean expires() {
		return this.expires;
	}

	/** Return the time at which the service expires. Under the lock. */
	long expiry() {
		return this.expiry;
	}

	@Override
	protected boolean isReady() {
		return this.permits.isAvailable() || (this.polledEachTime && !this.permits.isFull()) || this.probing;
	}

	/**
	 * Return how long there was no traffic, judged by the calls of this method, in
	 * nanoseconds. Under the lock.
	 */
	long quietFor(long now) {
		long calls = this.permits.calls();
		if (calls != this.lastCalls || this.permits.inFlight() > 0) {
			this.lastCalls = calls;
			this.quietSince = now;
		}
		return now - this.quietSince;
	}

	/**
	 * Return the load score. A service that offers a probe has the lowest one, so that
	 * the next request goes to it. A suspect service has the highest one.
	 */
	@Override
	protected double load(long now) {
		if (this.suspect) {
			return Double.MAX_VALUE;
		}
		return this.probing ? -1 : this.loadTracker.compare(now, pending(now));
	}

	/**
	 * Return whether each request has a connection of its own, and all connections that
	 * are probably open are in use.
	 */
	@Override
	protected boolean opensConnection() {
		return this.keepsConnections && !this.shared && this.permits.inFlight() >= this.recentConcurrency.max();
	}

	@Override
	protected boolean hasSameServer(Candidate other) {
		return other instanceof Member<?, ?> member && member.target.equals(this.target);
	}

	/** Record that a request is about to begin. Any thread. */
	void begins() {
		if (this.keepsConnections) {
			this.recentConcurrency.record(this.permits.inFlight());
		}
	}

	/** Forget the concurrency of the period before the last one. Under the lock. */
	void endConcurrencyPeriod() {
		this.recentConcurrency.endPeriod(this.permits.inFlight());
	}

	private double measuredLoad(long now) {
		return this.loadTracker.load(now, pending(now));
	}

	/** Return the number of requests that count as load. */
	private int pending(long now) {
		return this.permits.inFlight() + this.earlyErrors.count(now);
	}

	/** Return what user code reports about the service. Never under the lock. */
	Observed observe(long now) {
		try {
			return new Observed(measuredLoad(now), Map.copyOf(this.service.details()));
		}
		catch (Throwable ex) {
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
		return new PoolSnapshot.ServiceSnapshot(this.id, this.target.name(), publicState(),
				new PoolSnapshot.ServiceSnapshot.Load(this.permits.inFlight(), publicLimit(this.permits.limit()),
						publicLimit(this.limit.learned()), observed.load()),
				Duration.ofNanos(now - this.joinedAt), new PoolSnapshot.ServiceSnapshot.Totals(this.permits.calls(),
						this.outcomes.failed(), this.suspension.ejection.times()),
				suspension(now), observed.details());
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
