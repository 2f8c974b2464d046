package dev.servicepool.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Readiness;
import dev.servicepool.Scheduler;
import dev.servicepool.Target;
import dev.servicepool.Ticker;
import dev.servicepool.load.LoadTracker;
import org.jspecify.annotations.Nullable;

/**
 * Assigns services to callers. Reports all events to the {@link PoolState} under the
 * lock, and runs the resulting effects, such as calls of user code, after releasing it.
 */
final class PoolEngine<Q, R> implements ServiceCreator.Outcome<Q, R>, EffectRunner.Operations<Q, R> {

	private final PoolSettings settings;

	private final PoolState<Q, R> state;

	private final Dispatcher<Q, R> dispatcher;

	private final StateLock<Q, R> stateLock;

	private final Acquirer<Q, R> acquirer;

	private final ServiceCreator<Q, R> creator;

	private final Ticker ticker;

	private final TaskExecutor taskExecutor;

	/** Whether a thread is closing the pool or has closed it. Any thread. */
	private final AtomicBoolean closing = new AtomicBoolean();

	PoolEngine(PoolSettings settings, PoolState<Q, R> state, ServiceCreator<Q, R> creator, ListenerNotifier notifier,
			LeakLog leakLog, DefaultPool.Resources resources) {
		this.settings = settings;
		this.state = state;
		this.dispatcher = state.dispatcher();
		this.creator = creator;
		this.ticker = resources.ticker();
		this.taskExecutor = TaskExecutor.of(resources.executor(), state.name());
		this.stateLock = new StateLock<>(state,
				new EffectRunner<>(state.name(), this, leakLog, this.ticker, resources.scheduler(), this.taskExecutor),
				notifier, this.ticker);
		this.acquirer = new Acquirer<>(this.stateLock, state, this.ticker, resources.random());
	}

	void start() {
		this.stateLock.update((now) -> this.state.start());
	}

	/**
	 * Acquire a permit of a ready service without the lock.
	 * @param metricTime the time for the load metric
	 * @return the member, or {@code null} if no permit could be acquired
	 */
	@Nullable Member<Q, R> tryAcquire(long metricTime) {
		return this.acquirer.tryAcquire(metricTime);
	}

	/** See {@link Acquirer#acquire(boolean)}. */
	Waiter<Q, R> acquire(boolean mayWait) {
		return this.acquirer.acquire(mayWait);
	}

	/** See {@link Acquirer#acquireAgain(long)}. */
	Waiter<Q, R> acquireAgain(long since) {
		return this.acquirer.acquireAgain(since);
	}

	/** See {@link Acquirer#acquire(Predicate)}. */
	Waiter<Q, R> acquire(Predicate<? super Target> wanted) {
		return this.acquirer.acquire(wanted);
	}

	/**
	 * Settle a caller whose wait timed out: with a timeout, unless it was granted a
	 * permit.
	 */
	void giveUp(Waiter<Q, R> waiter) {
		this.stateLock.update((now) -> this.state.giveUp(waiter, now));
	}

	/**
	 * Remove a caller that stops waiting, and release the permit it may have been
	 * granted.
	 */
	void abandon(Waiter<Q, R> waiter) {
		this.stateLock.update((now) -> this.state.withdraw(waiter));
		Member<Q, R> granted = waiter.granted();
		if (granted != null) {
			if (waiter.probe) {
				probeUndecided(granted);
			}
			granted.unknown.getAndIncrement();
			release(granted);
		}
	}

	void probeSucceeded(Member<Q, R> member) {
		this.stateLock.update((now) -> this.state.outlierDetector().probeSucceeded(member, now));
	}

	void probeUndecided(Member<Q, R> member) {
		this.stateLock.update((now) -> this.state.outlierDetector().probeUndecided(member, now));
	}

	/** Release a permit after a service failure. */
	void failed(Member<Q, R> member, Failure failure, boolean probe) {
		this.stateLock.update((now) -> this.state.failed(member, failure, probe, now));
	}

	/** Pause a service because its server asked for a pause. */
	void pause(Member<Q, R> member, long nanos) {
		this.stateLock.update((now) -> this.state.backpressure().pause(member, nanos, now));
	}

	void warmed(Member<Q, R> member) {
		this.stateLock.update((now) -> this.dispatcher.warmed(member, now));
	}

	/** Record that requests in flight occupy more permits, or fewer if negative. */
	void occupied(Member<Q, R> member, int permits) {
		this.stateLock.update((now) -> this.dispatcher.occupied(member, permits, now));
	}

	/** Release a permit after a refused request, and lower the limit of the service. */
	void refused(Member<Q, R> member) {
		this.stateLock.update((now) -> this.dispatcher.refused(member, now));
	}

	void release(Member<Q, R> member) {
		if (!member.permits.tryRelease()) {
			this.stateLock.update((now) -> this.dispatcher.released(member, now));
		}
	}

	@Override
	public void poll(Member<Q, R> member) {
		this.acquirer.poll(member, null);
	}

	@Override
	public void wokeUp(Member<Q, R> member) {
		this.stateLock.update((now) -> this.dispatcher.wokeUp(member, now));
	}

	@Override
	public void create(CreationAttempt attempt) {
		this.creator.create(attempt, this::loadTrackers, this::wokeUp, this);
	}

	private List<LoadTracker> loadTrackers() {
		return this.stateLock.read((now) -> this.state.members())
			.stream()
			.map((member) -> member.loadTracker.loadTracker())
			.toList();
	}

	@Override
	public boolean created(CreationAttempt attempt, Member<Q, R> member, Readiness readiness) {
		return this.stateLock.decide((now) -> this.state.created(attempt, member, readiness, now));
	}

	@Override
	public void creationFailed(CreationAttempt attempt, Throwable cause) {
		Failure failure = Failure.of(cause);
		this.stateLock.update((now) -> this.state.creationFailed(attempt, failure, now));
	}

	@Override
	public void close(Member<Q, R> member) {
		this.creator.close(member.id, member.service);
		this.stateLock.update((now) -> {
			this.state.closed(member);
			this.stateLock.servicesClosed();
		});
	}

	@Override
	public void tick() {
		this.stateLock.update((now) -> {
			this.state.tick(now);
			this.stateLock.servicesClosed();
		});
	}

	void retarget(List<Target> targets) {
		this.stateLock.update((now) -> this.state.retarget(targets, now));
	}

	PoolSnapshot snapshot() {
		Map<Member<Q, R>, Member.Observed> observed = new HashMap<>();
		for (Member<Q, R> member : this.stateLock.read((now) -> this.state.members())) {
			observed.put(member, member.observe(this.ticker.nanos()));
		}
		return this.stateLock.read((now) -> this.state.snapshot(observed, now));
	}

	boolean drain(long timeoutNanos) throws InterruptedException {
		return this.stateLock.awaitClosed(this.stateLock.decide(this.state::drain), timeoutNanos);
	}

	/**
	 * Close the pool, unless another thread is closing it or has closed it.
	 * @return whether this call closed the pool
	 */
	boolean close() {
		if (!this.closing.compareAndSet(false, true)) {
			return false;
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
		this.taskExecutor.close();
		return true;
	}

}
