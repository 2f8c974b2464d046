package dev.servicepool;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The pool as its callers see it. All that can block a caller is here; what happens
 * between callers and services is in the {@link PoolEngine}.
 */
final class DefaultPool<Q, R> implements Pool<Q, R> {

	private final String name;

	private final PoolSettings settings;

	private final PoolEngine<Q, R> engine;

	private final FailureClassifier failures;

	private final ListenerNotifier notifier;

	private final LeakLog leakLog;

	private final Ticker ticker;

	private final boolean timed;

	private final boolean timingHeard;

	private final boolean leaksDetected;

	private final boolean tracked;

	DefaultPool(String name, PoolSettings settings, PoolEngine<Q, R> engine, FailureClassifier failures,
			ListenerNotifier notifier, LeakLog leakLog, Ticker ticker) {
		this.name = name;
		this.settings = settings;
		this.engine = engine;
		this.failures = failures;
		this.notifier = notifier;
		this.leakLog = leakLog;
		this.ticker = ticker;
		this.timed = settings.loadMetric().timed();
		this.timingHeard = notifier.isTimed();
		this.leaksDetected = !settings.leakDetectionThreshold().isZero();
		this.tracked = settings.trackLeases() || this.leaksDetected;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public PoolSettings settings() {
		return this.settings;
	}

	@Override
	public void start() {
		this.engine.start();
	}

	@Override
	public R call(Q request) throws Exception {
		Lease<Q, R> lease = acquire();
		R response;
		try {
			response = lease.service().call(request);
		}
		catch (Throwable ex) {
			lease.fail(ex);
			throw ex;
		}
		lease.succeed();
		return response;
	}

	@Override
	public Lease<Q, R> acquire() throws InterruptedException {
		return acquire(this.settings.acquireTimeout());
	}

	@Override
	public Lease<Q, R> acquire(Duration timeout) throws InterruptedException {
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
		long now = metricTime();
		Member<Q, R> member = this.engine.tryAcquire(now);
		if (member != null) {
			return lease(member, now, now, 0, false);
		}
		long timeoutNanos = Nanos.of(timeout);
		return awaitLease(this.engine.ask(timeoutNanos > 0), timeoutNanos);
	}

	/**
	 * Acquire a lease in place of one whose service has refused the request.
	 * @param askedAt when the first lease was asked for, 0 if that is not known
	 */
	Lease<Q, R> acquireAgain(long askedAt) throws InterruptedException {
		long since = (askedAt != 0) ? askedAt : this.ticker.nanos();
		return awaitLease(this.engine.askAgain(since), Nanos.of(this.settings.acquireTimeout()));
	}

	private Lease<Q, R> awaitLease(Waiter<Q, R> waiter, long timeoutNanos) throws InterruptedException {
		try {
			await(waiter, timeoutNanos);
		}
		catch (Throwable ex) {
			this.engine.abandon(waiter);
			throw ex;
		}
		return lease(waiter);
	}

	@Override
	public @Nullable Lease<Q, R> tryAcquire() {
		long now = metricTime();
		Member<Q, R> member = this.engine.tryAcquire(now);
		if (member != null) {
			return lease(member, now, now, 0, false);
		}
		Waiter<Q, R> waiter = this.engine.ask(false);
		return waiter.isSettled() ? lease(waiter) : null;
	}

	@Override
	public @Nullable Lease<Q, R> tryAcquire(Predicate<? super Target> wanted) {
		Waiter<Q, R> waiter = this.engine.ask(wanted);
		return waiter.isSettled() ? lease(waiter) : null;
	}

	private void await(Waiter<Q, R> waiter, long timeoutNanos) throws InterruptedException {
		while (!waiter.isSettled()) {
			long left = waiter.since + timeoutNanos - this.ticker.nanos();
			if (left <= 0) {
				this.engine.giveUp(waiter);
				return;
			}
			new Parking(this, waiter, left).begin();
		}
	}

	/**
	 * Return the lease of a settled caller.
	 * @throws PoolException if the caller was refused
	 */
	Lease<Q, R> lease(Waiter<Q, R> waiter) {
		Rejection rejection = waiter.rejection();
		if (rejection != null) {
			throw rejection.toException(this.name);
		}
		Member<Q, R> member = waiter.granted();
		if (member == null) {
			throw new IllegalStateException("A caller was not settled");
		}
		return lease(member, metricTime(), waiter.since, this.timingHeard ? this.ticker.nanos() - waiter.since : 0,
				waiter.probe);
	}

	private Lease<Q, R> lease(Member<Q, R> member, long now, long askedAt, long waitedNanos, boolean probe) {
		long startedAt = (!this.timed && this.timingHeard) ? this.ticker.nanos() : now;
		PoolLease<Q, R> lease = new PoolLease<>(this, member, startedAt, askedAt, probe,
				this.tracked ? record(member, startedAt) : null);
		member.loadTracker.started(startedAt);
		if (this.timingHeard) {
			this.notifier.acquired(waitedNanos);
		}
		return lease;
	}

	/**
	 * A lease has ended and given back its place.
	 * @param startedAt when it began, 0 if nobody had to know
	 */
	void released(long startedAt) {
		if (startedAt != 0 && this.timingHeard) {
			this.notifier.released(this.ticker.nanos() - startedAt);
		}
	}

	private LeaseRecord record(Member<Q, R> member, long startedAt) {
		LeaseRecord record = new LeaseRecord((startedAt != 0) ? startedAt : this.ticker.nanos(),
				this.leaksDetected ? new Throwable("The lease was taken here") : null);
		member.leaseTracker.add(record);
		return record;
	}

	/** A lease has ended of which it was told that it may never do. */
	void endedAfterAll(Member<Q, R> member, LeaseRecord record) {
		this.leakLog.ended(member, record.seen(this.ticker.nanos()));
	}

	/** A cold service has begun to answer. */
	void warmed(Member<Q, R> member) {
		this.engine.warmed(member);
	}

	boolean isServiceFailure(Throwable cause) {
		return this.failures.isServiceFailure(cause);
	}

	/**
	 * Give back a place whose request has failed through the fault of its service. The
	 * last thing that a lease does.
	 */
	void failed(Member<Q, R> member, Throwable cause, boolean probe) {
		this.engine.failed(member, Failure.of(cause), probe);
	}

	/** A request that was to try an ejected service has ended, and has not failed. */
	void probed(Member<Q, R> member, boolean responded) {
		if (responded) {
			this.engine.probeSucceeded(member);
		}
		else {
			this.engine.probeUndecided(member);
		}
	}

	/** The server of a service asks for no requests for a while. */
	void pause(Member<Q, R> member, long nanos) {
		this.engine.pause(member, nanos);
	}

	void occupied(Member<Q, R> member, int permits) {
		this.engine.occupied(member, permits);
	}

	/** Give back a place whose request was refused. The last thing that a lease does. */
	void refused(Member<Q, R> member) {
		this.engine.refused(member);
	}

	/** Give back a place. The last thing that a lease does. */
	void release(Member<Q, R> member) {
		this.engine.release(member);
	}

	/** Return the time for the load metric, which may not want to know it. */
	long metricTime() {
		return this.timed ? this.ticker.nanos() : 0;
	}

	@Override
	public void retarget(List<Target> targets) {
		List<Target> checked = List.copyOf(targets);
		Targets.check(checked);
		this.engine.retarget(checked);
	}

	@Override
	public PoolSnapshot snapshot() {
		return this.engine.snapshot();
	}

	@Override
	public boolean drain(Duration timeout) throws InterruptedException {
		return this.engine.drain(Nanos.of(timeout));
	}

	@Override
	public void close() {
		if (this.engine.close()) {
			this.notifier.closed();
		}
	}

	PoolEngine<Q, R> engine() {
		return this.engine;
	}

	@Override
	public String toString() {
		return "Pool '" + this.name + "'";
	}

}
