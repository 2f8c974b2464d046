package dev.servicepool;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import dev.servicepool.load.LoadTracker;
import org.jspecify.annotations.Nullable;

/**
 * Brings callers and services together. Every event goes to the {@link PoolState} under
 * the lock; what the state wants done is done outside of it, user code above all.
 */
final class PoolEngine<Q, R> implements ServiceCreator.Outcome<Q, R>, EffectRunner.Deeds<Q, R> {

	private final PoolSettings settings;

	private final PoolState<Q, R> state;

	private final Dispatcher<Q, R> dispatcher;

	private final StateLock<Q, R> guard;

	private final Acquirer<Q, R> acquisition;

	private final ServiceCreator<Q, R> creator;

	private final Ticker ticker;

	private final TaskExecutor taskExecutor;

	/** Whether somebody closes the pool, or has closed it. Any thread. */
	private final AtomicBoolean closing = new AtomicBoolean();

	PoolEngine(PoolSettings settings, PoolState<Q, R> state, ServiceCreator<Q, R> creator, ListenerNotifier notifier,
			LeakLog leakLog, Ticker ticker, RandomGenerator random, Scheduler scheduler, TaskExecutor taskExecutor) {
		this.settings = settings;
		this.state = state;
		this.dispatcher = state.dispatcher();
		this.creator = creator;
		this.ticker = ticker;
		this.taskExecutor = taskExecutor;
		this.guard = new StateLock<>(state,
				new EffectRunner<>(state.name(), this, leakLog, ticker, scheduler, taskExecutor), notifier, ticker);
		this.acquisition = new Acquirer<>(this.guard, state, ticker, random);
	}

	void start() {
		this.guard.tell((now) -> this.state.start());
	}

	/**
	 * Take a place of a ready service, without the lock.
	 * @param metricTime the time for the loads
	 * @return the member, or {@code null} if that could not be done
	 */
	@Nullable Member<Q, R> tryAcquire(long metricTime) {
		return this.acquisition.tryAcquire(metricTime);
	}

	/** See {@link Acquirer#ask(boolean)}. */
	Waiter<Q, R> ask(boolean mayWait) {
		return this.acquisition.ask(mayWait);
	}

	/** See {@link Acquirer#askAgain(long)}. */
	Waiter<Q, R> askAgain(long since) {
		return this.acquisition.askAgain(since);
	}

	/** See {@link Acquirer#ask(Predicate)}. */
	Waiter<Q, R> ask(Predicate<? super Target> wanted) {
		return this.acquisition.ask(wanted);
	}

	/** The caller's time is up; it is settled one way or the other. */
	void giveUp(Waiter<Q, R> waiter) {
		this.guard.tell((now) -> this.state.giveUp(waiter, now));
	}

	/** The caller goes away. What it was granted in the last moment is given back. */
	void abandon(Waiter<Q, R> waiter) {
		this.guard.tell((now) -> this.state.withdraw(waiter));
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
		this.guard.tell((now) -> this.state.outlierDetector().probeSucceeded(member, now));
	}

	void probeUndecided(Member<Q, R> member) {
		this.guard.tell((now) -> this.state.outlierDetector().probeUndecided(member, now));
	}

	/** A request has failed through the fault of its service: give its place back. */
	void failed(Member<Q, R> member, Failure failure, boolean probe) {
		this.guard.tell((now) -> this.state.failed(member, failure, probe, now));
	}

	/** The server of a service asks for no requests for a while. */
	void pause(Member<Q, R> member, long nanos) {
		this.guard.tell((now) -> this.state.backpressure().pause(member, nanos, now));
	}

	void warmed(Member<Q, R> member) {
		this.guard.tell((now) -> this.dispatcher.warmed(member, now));
	}

	/** Requests take so many places of a member beside one each, or don't any more. */
	void occupied(Member<Q, R> member, int permits) {
		this.guard.tell((now) -> this.dispatcher.occupied(member, permits, now));
	}

	/**
	 * A service has refused a request: give its place back, and know better next time.
	 */
	void refused(Member<Q, R> member) {
		this.guard.tell((now) -> this.dispatcher.refused(member, now));
	}

	void release(Member<Q, R> member) {
		if (!member.permits.tryRelease()) {
			this.guard.tell((now) -> this.dispatcher.released(member, now));
		}
	}

	@Override
	public void poll(Member<Q, R> member) {
		this.acquisition.poll(member, null);
	}

	@Override
	public void wokeUp(Member<Q, R> member) {
		this.guard.tell((now) -> this.dispatcher.wokeUp(member, now));
	}

	@Override
	public void create(CreationAttempt attempt) {
		this.creator.create(attempt, this::loadTrackers, this::wokeUp, this);
	}

	private List<LoadTracker> loadTrackers() {
		return this.guard.look((now) -> this.state.members())
			.stream()
			.map((member) -> member.loadTracker.loadTracker())
			.toList();
	}

	@Override
	public boolean created(CreationAttempt attempt, Member<Q, R> member, Readiness readiness) {
		return this.guard.decide((now) -> this.state.created(attempt, member, readiness, now));
	}

	@Override
	public void creationFailed(CreationAttempt attempt, Throwable cause) {
		Failure failure = Failure.of(cause);
		this.guard.tell((now) -> this.state.creationFailed(attempt, failure, now));
	}

	@Override
	public void close(Member<Q, R> member) {
		this.creator.close(member.id, member.service);
		this.guard.tell((now) -> {
			this.state.closed(member);
			this.guard.servicesClosed();
		});
	}

	@Override
	public void tick() {
		this.guard.tell((now) -> {
			this.state.tick(now);
			this.guard.servicesClosed();
		});
	}

	void retarget(List<Target> targets) {
		this.guard.tell((now) -> this.state.retarget(targets, now));
	}

	PoolSnapshot snapshot() {
		Map<Member<Q, R>, Member.Observed> observed = new HashMap<>();
		for (Member<Q, R> member : this.guard.look((now) -> this.state.members())) {
			observed.put(member, member.observe(this.ticker.nanos()));
		}
		return this.guard.look((now) -> this.state.snapshot(observed, now));
	}

	boolean drain(long timeoutNanos) throws InterruptedException {
		return this.guard.awaitClosed(this.guard.decide(this.state::drain), timeoutNanos);
	}

	/**
	 * Close the pool, unless somebody does or has.
	 * @return whether it was closed by this
	 */
	boolean close() {
		if (!this.closing.compareAndSet(false, true)) {
			return false;
		}
		List<Member<Q, R>> retired = this.guard.decide(this.state::close);
		boolean closed = false;
		try {
			closed = this.guard.awaitClosed(retired, Nanos.of(this.settings.closeTimeout()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (!closed) {
			this.guard.tell(this.state::cut);
		}
		this.taskExecutor.close();
		return true;
	}

}
