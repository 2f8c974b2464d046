package dev.servicepool.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.random.RandomGenerator;

import dev.servicepool.Readiness;
import dev.servicepool.Scheduler;
import dev.servicepool.Ticker;
import dev.servicepool.internal.event.ListenerNotifier;
import dev.servicepool.internal.util.Failure;
import dev.servicepool.internal.util.PoolLogger;
import dev.servicepool.load.LoadTracker;

/**
 * Carries out what the pool has decided: creates, polls and closes services on the
 * executor, and reports each result to the {@link PoolState}. Any thread; never under the
 * lock.
 */
final class PoolTasks<Q, R> implements Effect.Actions<Q, R>, ServiceCreator.Outcome<Q, R> {

	private static final Logger logger = PoolLogger.get();

	private final String name;

	private final PoolState<Q, R> state;

	private final StateLock<Q, R> stateLock;

	private final Acquirer<Q, R> acquirer;

	private final ServiceCreator<Q, R> creator;

	private final Scheduler scheduler;

	private final TaskExecutor taskExecutor;

	PoolTasks(String name, PoolState<Q, R> state, ServiceCreator<Q, R> creator, ListenerNotifier notifier,
			Ticker ticker, Scheduler scheduler, TaskExecutor taskExecutor, RandomGenerator random) {
		this.name = name;
		this.state = state;
		this.creator = creator;
		this.scheduler = scheduler;
		this.taskExecutor = taskExecutor;
		this.stateLock = new StateLock<>(state, this, notifier, ticker);
		this.acquirer = new Acquirer<>(this.stateLock, state, ticker, random);
	}

	StateLock<Q, R> stateLock() {
		return this.stateLock;
	}

	Acquirer<Q, R> acquirer() {
		return this.acquirer;
	}

	@Override
	public void poll(Member<Q, R> member) {
		execute(() -> this.acquirer.poll(member, null));
	}

	@Override
	public void wakeUp(Member<Q, R> member) {
		execute(() -> wokeUp(member));
	}

	private void wokeUp(Member<Q, R> member) {
		this.stateLock.update((now) -> this.state.wokeUp(member, now));
	}

	@Override
	public void create(CreationAttempt attempt) {
		this.taskExecutor.execute(() -> this.creator.create(attempt, this::loadTrackers, this::wokeUp, this),
				(ex) -> creationFailed(attempt, ex));
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
		execute(() -> {
			this.creator.close(member.id, member.service);
			this.stateLock.update((now) -> {
				this.state.closed(member);
				this.stateLock.servicesClosed();
			});
		});
	}

	/** Run a task on the executor, or on this thread if the executor rejects it. */
	private void execute(Runnable task) {
		this.taskExecutor.execute(task, (ex) -> task.run());
	}

	/**
	 * Schedule a tick. If the scheduler was shut down, the calling thread must not fail.
	 */
	@Override
	public void tickAfter(long delayNanos) {
		try {
			this.scheduler.schedule(this::tick, delayNanos);
		}
		catch (Throwable ex) {
			logger.log(Level.WARNING, "Pool '" + this.name + "': scheduler rejected a task; using the shared scheduler",
					ex);
			Scheduler.shared().schedule(this::tick, delayNanos);
		}
	}

	/** Perform the work that is due. */
	void tick() {
		this.stateLock.update((now) -> {
			this.state.tick(now);
			this.stateLock.servicesClosed();
		});
	}

	/** Accept no more tasks. */
	void close() {
		this.taskExecutor.close();
	}

}
