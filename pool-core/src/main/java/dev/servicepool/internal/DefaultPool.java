package dev.servicepool.internal;

import java.util.random.RandomGenerator;
import java.util.concurrent.Executor;
import java.time.InstantSource;
import dev.servicepool.internal.util.Failure;
import dev.servicepool.internal.event.EventLog;
import dev.servicepool.internal.event.ListenerNotifier;
import dev.servicepool.internal.leak.LeaseRecord;
import dev.servicepool.internal.outlier.FailureRules;
import dev.servicepool.internal.target.Targets;
import dev.servicepool.internal.util.Nanos;
import dev.servicepool.InvalidSettingException;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Scheduler;
import dev.servicepool.TimingListener;
import dev.servicepool.PoolListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolBounds;
import dev.servicepool.PoolException;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import dev.servicepool.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Pool as its callers see it. Only this class blocks callers.
 */
public final class DefaultPool<Q, R> implements Pool<Q, R> {

	private final String name;

	private final PoolSettings settings;

	private final PoolState<Q, R> state;

	private final PoolTasks<Q, R> tasks;

	private final StateLock<Q, R> stateLock;

	private final Acquirer<Q, R> acquirer;

	private final LeaseEvents<Q, R> leaseEvents;

	private final ListenerNotifier notifier;

	private final Ticker ticker;

	private final boolean timed;

	private final boolean hasTimingListeners;

	private final boolean leakDetectionEnabled;

	private final boolean tracked;

	/** Whether a thread is closing the pool or has closed it. Any thread. */
	private final AtomicBoolean closing = new AtomicBoolean();

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
			RandomGenerator random, @Nullable String identity) {
	}

	private DefaultPool(String name, PoolSettings settings, PoolState<Q, R> state, PoolTasks<Q, R> tasks,
			FailureRules failures, ListenerNotifier notifier, Ticker ticker) {
		this.name = name;
		this.settings = settings;
		this.state = state;
		this.tasks = tasks;
		this.stateLock = tasks.stateLock();
		this.acquirer = tasks.acquirer();
		this.notifier = notifier;
		this.ticker = ticker;
		this.timed = settings.loadMetric().timed() || !failures.isGeneric() || !failures.ignoresNothing()
				|| notifier.isTimed();
		this.hasTimingListeners = notifier.isTimed();
		this.leakDetectionEnabled = !settings.leakDetectionThreshold().isZero();
		this.tracked = settings.trackLeases() || this.leakDetectionEnabled;
		this.leaseEvents = new LeaseEvents<>(name, state, this.stateLock, failures, notifier, ticker, this.timed,
				new LeaseSource());
	}

	/**
	 * Create a pool.
	 * @param <Q> the type of the requests
	 * @param <R> the type of the responses
	 * @param name the name of the pool
	 * @param settings the settings
	 * @param targets the targets
	 * @param factory the factory that creates the services
	 * @param failures classify failures
	 * @param listeners the listeners
	 * @param resources the resources that the pool uses
	 * @return a new pool
	 * @throws InvalidSettingException if the targets are invalid
	 */
	public static <Q, R> Pool<Q, R> create(String name, PoolSettings settings, List<Target> targets,
			ServiceFactory<Q, R> factory, FailureRules failures, Listeners listeners, Resources resources) {
		Targets.check(targets);
		MemberRegistry<Q, R> registry = new MemberRegistry<>(settings,
				new Targets(targets, settings, resources.random(), resources.identity()));
		registry.targets().check(settings.maxServices(targets.size()));
		ListenerNotifier notifier = new ListenerNotifier(name, listeners.events(), listeners.timings());
		EventRecorder<Q, R> recorder = new EventRecorder<>(new EventLog(name, resources.clock()), notifier, registry);
		PoolState<Q, R> state = new PoolState<>(name, settings, !failures.isGeneric(), registry, recorder,
				resources.random(), resources.ticker().nanos());
		ServiceCreator<Q, R> creator = new ServiceCreator<>(name, factory, settings, notifier, resources.ticker());
		PoolTasks<Q, R> tasks = new PoolTasks<>(name, state, creator, notifier, resources.ticker(),
				resources.scheduler(), TaskExecutor.of(resources.executor(), name), resources.random());
		return new DefaultPool<>(name, settings, state, tasks, failures, notifier, resources.ticker());
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public PoolSettings settings() {
		return this.state.settings();
	}

	@Override
	public void start() {
		this.stateLock.update((now) -> this.state.start());
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
		long now = this.leaseEvents.time();
		Member<Q, R> member = this.acquirer.tryAcquire(now);
		if (member != null) {
			return lease(member, now, now, 0, false);
		}
		long timeoutNanos = Nanos.of(timeout);
		return awaitLease(this.acquirer.acquire(timeoutNanos > 0), timeoutNanos);
	}

	private Lease<Q, R> awaitLease(Waiter<Q, R> waiter, long timeoutNanos) throws InterruptedException {
		try {
			await(waiter, timeoutNanos);
		}
		catch (Throwable ex) {
			this.acquirer.abandon(waiter);
			throw ex;
		}
		return lease(waiter);
	}

	@Override
	public @Nullable Lease<Q, R> tryAcquire() {
		long now = this.leaseEvents.time();
		Member<Q, R> member = this.acquirer.tryAcquire(now);
		if (member != null) {
			return lease(member, now, now, 0, false);
		}
		Waiter<Q, R> waiter = this.acquirer.acquire(false);
		return waiter.isSettled() ? lease(waiter) : null;
	}

	@Override
	public @Nullable Lease<Q, R> tryAcquire(Predicate<? super Target> wanted) {
		Waiter<Q, R> waiter = this.acquirer.acquire(wanted);
		return waiter.isSettled() ? lease(waiter) : null;
	}

	private void await(Waiter<Q, R> waiter, long timeoutNanos) throws InterruptedException {
		while (!waiter.isSettled()) {
			long left = waiter.since + timeoutNanos - this.ticker.nanos();
			if (left <= 0) {
				this.acquirer.giveUp(waiter);
				return;
			}
			new Parking(this, waiter, left).begin();
		}
	}

	/**
	 * Return the lease of a settled caller.
	 * @throws PoolException if the caller was rejected
	 */
	PoolLease<Q, R> lease(Waiter<Q, R> waiter) {
		Rejection rejection = waiter.rejection();
		if (rejection != null) {
			throw rejection.toException(this.name);
		}
		Member<Q, R> member = waiter.granted();
		if (member == null) {
			throw new IllegalStateException("Waiting caller has received neither a lease nor an exception");
		}
		return lease(member, this.leaseEvents.time(), waiter.since,
				this.hasTimingListeners ? this.ticker.nanos() - waiter.since : 0, waiter.probe);
	}

	private PoolLease<Q, R> lease(Member<Q, R> member, long now, long requestedAt, long waitedNanos, boolean probe) {
		PoolLease<Q, R> lease = new PoolLease<>(this.leaseEvents, member, now, requestedAt, probe,
				this.tracked ? record(member, now) : null);
		member.begins();
		member.loadTracker.started(now);
		if (this.hasTimingListeners) {
			this.notifier.acquired(waitedNanos);
		}
		return lease;
	}

	private LeaseRecord record(Member<Q, R> member, long startedAt) {
		LeaseRecord record = new LeaseRecord((startedAt != 0) ? startedAt : this.ticker.nanos(),
				this.leakDetectionEnabled ? new Throwable("Lease acquired here") : null);
		member.leaseTracker.add(record);
		return record;
	}

	@Override
	public void retarget(List<Target> targets) {
		List<Target> checked = List.copyOf(targets);
		Targets.check(checked);
		this.stateLock.update((now) -> this.state.retarget(checked, now));
	}

	@Override
	public void replaceServices(String cause) {
		this.stateLock.update((now) -> this.state.replaceServices(cause));
	}

	@Override
	public boolean tryReplaceServices(String cause) {
		return this.stateLock.decide((now) -> this.state.tryReplaceServices(cause));
	}

	@Override
	public void skipReplacement(String cause, Throwable failure) {
		String message = cause + ": " + Failure.of(failure);
		this.stateLock.update((now) -> this.state.skipReplacement(message));
	}

	@Override
	public void changeBounds(PoolBounds bounds, String cause) {
		operate((now) -> this.state.changeBounds(bounds, cause, now));
	}

	@Override
	public void drainTarget(String target, String cause) {
		operate((now) -> this.state.drainTarget(target, cause, now));
	}

	@Override
	public void undrainTarget(String target, String cause) {
		operate((now) -> this.state.undrainTarget(target, cause, now));
	}

	/**
	 * Perform an operation that may reject its argument. The rejection must not skip the
	 * work at the end of the event.
	 */
	private void operate(LongConsumer operation) {
		Optional<InvalidSettingException> rejection = this.stateLock.decide((now) -> {
			try {
				operation.accept(now);
				return Optional.empty();
			}
			catch (InvalidSettingException ex) {
				return Optional.of(ex);
			}
		});
		if (rejection.isPresent()) {
			throw rejection.get();
		}
	}

	@Override
	public void reset(String cause) {
		this.stateLock.update((now) -> this.state.reset(cause, now));
	}

	@Override
	public PoolSnapshot snapshot() {
		Map<Member<Q, R>, Member.Observed> observed = new HashMap<>();
		for (Member<Q, R> member : this.stateLock.read((now) -> this.state.members())) {
			observed.put(member, member.observe(this.ticker.nanos()));
		}
		return this.stateLock.read((now) -> this.state.snapshot(observed, now));
	}

	@Override
	public boolean drain(Duration timeout) throws InterruptedException {
		return this.stateLock.awaitClosed(this.stateLock.decide(this.state::drain), Nanos.of(timeout));
	}

	/** Close the pool, unless another thread is closing it or has closed it. */
	@Override
	public void close() {
		if (!this.closing.compareAndSet(false, true)) {
			return;
		}
		List<Member<Q, R>> retired = this.stateLock.decide(this.state::close);
		boolean closed = false;
		try {
			closed = this.stateLock.awaitClosed(retired, Nanos.of(this.settings.closeTimeout()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (!closed) {
			this.stateLock.update(this.state::closeDraining);
		}
		this.tasks.close();
		this.notifier.closed();
	}

	Acquirer<Q, R> acquirer() {
		return this.acquirer;
	}

	LeaseEvents<Q, R> leaseEvents() {
		return this.leaseEvents;
	}

	PoolTasks<Q, R> tasks() {
		return this.tasks;
	}

	@Override
	public String toString() {
		return "Pool '" + this.name + "'";
	}

	/** Source of the leases of requests that are sent again. */
	private final class LeaseSource implements LeaseEvents.Source<Q, R> {

		@Override
		public Lease<Q, R> acquireAgain(long requestedAt, LeaseEvents.Conditions<Q, R> conditions, Duration timeout)
				throws InterruptedException {
			long now = DefaultPool.this.ticker.nanos();
			long since = (requestedAt != 0) ? requestedAt : now;
			long limit = Math.min(Nanos.of(DefaultPool.this.settings.acquireTimeout()),
					now - since + Nanos.of(timeout));
			return awaitLease(
					DefaultPool.this.acquirer.acquireAgain(since, conditions.wanted(), conditions.preferences()),
					limit);
		}

		@Override
		public @Nullable Lease<Q, R> tryAcquireAgain(long requestedAt, List<Predicate<Member<Q, R>>> preferences) {
			return tryAcquire(requestedAt, preferences);
		}

		@Override
		public @Nullable Lease<Q, R> tryAcquireHedge(long requestedAt, List<Predicate<Member<Q, R>>> preferences) {
			PoolLease<Q, R> lease = tryAcquire(requestedAt, preferences);
			return (lease != null) ? lease.asHedge() : null;
		}

		private @Nullable PoolLease<Q, R> tryAcquire(long requestedAt, List<Predicate<Member<Q, R>>> preferences) {
			long since = (requestedAt != 0) ? requestedAt : DefaultPool.this.ticker.nanos();
			Waiter<Q, R> waiter = DefaultPool.this.acquirer.tryAcquireAgain(since, preferences);
			return waiter.isSettled() ? lease(waiter) : null;
		}

	}

}
