package dev.servicepool.internal;

import java.util.random.RandomGenerator;
import java.util.concurrent.Executor;
import java.time.InstantSource;
import dev.servicepool.InvalidSettingException;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Scheduler;
import dev.servicepool.TimingListener;
import dev.servicepool.PoolListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolException;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import dev.servicepool.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Pool as its callers see it. Only this class blocks callers. The {@link PoolEngine}
 * assigns services to callers.
 */
public final class DefaultPool<Q, R> implements Pool<Q, R> {

	private final String name;

	private final PoolSettings settings;

	private final PoolEngine<Q, R> engine;

	private final FailureClassifier failures;

	private final ListenerNotifier notifier;

	private final LeakLog leakLog;

	private final Ticker ticker;

	private final boolean metricTimed;

	private final boolean hasTimingListeners;

	private final boolean leakDetectionEnabled;

	private final boolean tracked;

	/**
	 * Listeners of a pool.
	 *
	 * @param events the listeners for events
	 * @param timings the listeners for timings
	 */
	public record Listeners(List<PoolListener> events, List<TimingListener> timings) {
	}

	/**
	 * Resources that a pool uses.
	 *
	 * @param ticker the source of elapsed time
	 * @param clock the source of timestamps
	 * @param scheduler the scheduler for timeouts
	 * @param executor the executor that creates and closes services; {@code null} if the
	 * pool creates its own threads
	 * @param random the source of random numbers
	 */
	public record Resources(Ticker ticker, InstantSource clock, Scheduler scheduler, @Nullable Executor executor,
			RandomGenerator random) {
	}

	private DefaultPool(String name, PoolSettings settings, PoolEngine<Q, R> engine, FailureClassifier failures,
			ListenerNotifier notifier, LeakLog leakLog, Ticker ticker) {
		this.name = name;
		this.settings = settings;
		this.engine = engine;
		this.failures = failures;
		this.notifier = notifier;
		this.leakLog = leakLog;
		this.ticker = ticker;
		this.metricTimed = settings.loadMetric().timed();
		this.hasTimingListeners = notifier.isTimed();
		this.leakDetectionEnabled = !settings.leakDetectionThreshold().isZero();
		this.tracked = settings.trackLeases() || this.leakDetectionEnabled;
	}

	/**
	 * Create a pool.
	 * @param <Q> the type of the requests
	 * @param <R> the type of the responses
	 * @param name the name of the pool
	 * @param settings the settings
	 * @param targets the targets
	 * @param factory the factory that creates the services
	 * @param failureWhen whether a failure counts against its service
	 * @param listeners the listeners
	 * @param resources the resources that the pool uses
	 * @return a new pool
	 * @throws InvalidSettingException if the targets are invalid
	 */
	public static <Q, R> Pool<Q, R> create(String name, PoolSettings settings, List<Target> targets,
			ServiceFactory<Q, R> factory, Predicate<? super Throwable> failureWhen, Listeners listeners,
			Resources resources) {
		check(targets, settings);
		MemberRegistry<Q, R> registry = new MemberRegistry<>(targets, settings, resources.random());
		ListenerNotifier notifier = new ListenerNotifier(name, listeners.events(), listeners.timings());
		EventRecorder<Q, R> recorder = new EventRecorder<>(new EventLog(name, resources.clock()), notifier, registry);
		PoolState<Q, R> state = new PoolState<>(name, settings, registry, recorder, resources.random(),
				resources.ticker().nanos());
		ServiceCreator<Q, R> creator = new ServiceCreator<>(name, factory, settings, notifier, resources.ticker());
		LeakLog leakLog = new LeakLog(name, settings);
		PoolEngine<Q, R> engine = new PoolEngine<>(settings, state, creator, notifier, leakLog, resources);
		return new DefaultPool<>(name, settings, engine, new FailureClassifier(name, failureWhen), notifier, leakLog,
				resources.ticker());
	}

	private static void check(List<Target> targets, PoolSettings settings) {
		Targets.check(targets);
		if (targets.size() > settings.maxServices()) {
			throw new InvalidSettingException("maxServices", settings.maxServices(),
					"must be at least the number of targets (" + targets.size() + ")");
		}
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
		return awaitLease(this.engine.acquire(timeoutNanos > 0), timeoutNanos);
	}

	/**
	 * Acquire a lease to replace one whose service refused the request.
	 * @param requestedAt the time at which the first lease was requested, 0 if unknown
	 */
	Lease<Q, R> acquireAgain(long requestedAt) throws InterruptedException {
		long since = (requestedAt != 0) ? requestedAt : this.ticker.nanos();
		return awaitLease(this.engine.acquireAgain(since), Nanos.of(this.settings.acquireTimeout()));
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
		Waiter<Q, R> waiter = this.engine.acquire(false);
		return waiter.isSettled() ? lease(waiter) : null;
	}

	@Override
	public @Nullable Lease<Q, R> tryAcquire(Predicate<? super Target> wanted) {
		Waiter<Q, R> waiter = this.engine.acquire(wanted);
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
	 * @throws PoolException if the caller was rejected
	 */
	Lease<Q, R> lease(Waiter<Q, R> waiter) {
		Rejection rejection = waiter.rejection();
		if (rejection != null) {
			throw rejection.toException(this.name);
		}
		Member<Q, R> member = waiter.granted();
		if (member == null) {
			throw new IllegalStateException("Waiting caller has received neither a lease nor an exception");
		}
		return lease(member, metricTime(), waiter.since,
				this.hasTimingListeners ? this.ticker.nanos() - waiter.since : 0, waiter.probe);
	}

	private Lease<Q, R> lease(Member<Q, R> member, long now, long requestedAt, long waitedNanos, boolean probe) {
		long startedAt = (!this.metricTimed && this.hasTimingListeners) ? this.ticker.nanos() : now;
		PoolLease<Q, R> lease = new PoolLease<>(this, member, startedAt, requestedAt, probe,
				this.tracked ? record(member, startedAt) : null);
		member.loadTracker.started(startedAt);
		if (this.hasTimingListeners) {
			this.notifier.acquired(waitedNanos);
		}
		return lease;
	}

	/**
	 * Notify the timing listeners of a lease that has ended and released its permit.
	 * @param startedAt the time at which the lease began, 0 if unknown
	 */
	void released(long startedAt) {
		if (startedAt != 0 && this.hasTimingListeners) {
			this.notifier.released(this.ticker.nanos() - startedAt);
		}
	}

	private LeaseRecord record(Member<Q, R> member, long startedAt) {
		LeaseRecord record = new LeaseRecord((startedAt != 0) ? startedAt : this.ticker.nanos(),
				this.leakDetectionEnabled ? new Throwable("Lease acquired here") : null);
		member.leaseTracker.add(record);
		return record;
	}

	/** Report that a lease has ended that was reported as a suspected leak. */
	void suspectedLeaseEnded(Member<Q, R> member, LeaseRecord record) {
		this.leakLog.ended(member, record.observe(this.ticker.nanos()));
	}

	/** Record that a cold service has begun to respond. */
	void warmed(Member<Q, R> member) {
		this.engine.warmed(member);
	}

	boolean isServiceFailure(Throwable cause) {
		return this.failures.isServiceFailure(cause);
	}

	/** Release a permit after a service failure. Must be the last step of a lease. */
	void failed(Member<Q, R> member, Throwable cause, boolean probe) {
		this.engine.failed(member, Failure.of(cause), probe);
	}

	/** Record the outcome of a probe that did not fail. */
	void probed(Member<Q, R> member, boolean responded) {
		if (responded) {
			this.engine.probeSucceeded(member);
		}
		else {
			this.engine.probeUndecided(member);
		}
	}

	/** Pause a service because its server asked for a pause. */
	void pause(Member<Q, R> member, long nanos) {
		this.engine.pause(member, nanos);
	}

	void occupied(Member<Q, R> member, int permits) {
		this.engine.occupied(member, permits);
	}

	/** Release a permit after a refused request. Must be the last step of a lease. */
	void refused(Member<Q, R> member) {
		this.engine.refused(member);
	}

	/** Release a permit. Must be the last step of a lease. */
	void release(Member<Q, R> member) {
		this.engine.release(member);
	}

	/** Return the time for the load metric, 0 if the metric does not need it. */
	long metricTime() {
		return this.metricTimed ? this.ticker.nanos() : 0;
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
