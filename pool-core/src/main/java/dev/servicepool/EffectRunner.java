package dev.servicepool;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Carries out what was decided under the lock, outside of it: what may block on the
 * executor, the rest at once.
 */
final class EffectRunner<Q, R> {

	private static final Logger logger = System.getLogger(Pool.class.getName());

	private final Deeds<Q, R> pool;

	private final String name;

	private final LeakLog leakLog;

	private final Ticker ticker;

	private final Scheduler scheduler;

	private final TaskExecutor taskExecutor;

	EffectRunner(String name, Deeds<Q, R> pool, LeakLog leakLog, Ticker ticker, Scheduler scheduler,
			TaskExecutor taskExecutor) {
		this.name = name;
		this.pool = pool;
		this.leakLog = leakLog;
		this.ticker = ticker;
		this.scheduler = scheduler;
		this.taskExecutor = taskExecutor;
	}

	/** Does what calls user code, and hears how that ended. */
	interface Deeds<Q, R> {

		/** Ask a service whether it is ready for the first in the queue. */
		void poll(Member<Q, R> member);

		/** A service says that it may be ready. */
		void wokeUp(Member<Q, R> member);

		/** Make a service. */
		void create(CreationAttempt attempt);

		/** A service could not be made. */
		void creationFailed(CreationAttempt attempt, Throwable cause);

		/** Close a service. */
		void close(Member<Q, R> member);

		/** Some time has passed. */
		void tick();

	}

	void carryOut(Effect<Q, R> effect) {
		if (effect instanceof Effect.Wake<Q, R> wake) {
			wake.waiter().wake();
		}
		else if (effect instanceof Effect.Poll<Q, R> poll) {
			this.taskExecutor.execute(() -> this.pool.poll(poll.member()), (ex) -> this.pool.poll(poll.member()));
		}
		else if (effect instanceof Effect.WakeUp<Q, R> wakeUp) {
			this.taskExecutor.execute(() -> this.pool.wokeUp(wakeUp.member()),
					(ex) -> this.pool.wokeUp(wakeUp.member()));
		}
		else if (effect instanceof Effect.Create<Q, R> create) {
			this.taskExecutor.execute(() -> this.pool.create(create.attempt()),
					(ex) -> this.pool.creationFailed(create.attempt(), ex));
		}
		else if (effect instanceof Effect.CancelCreation<Q, R> cancel) {
			cancel.attempt().cancel();
		}
		else if (effect instanceof Effect.Close<Q, R> close) {
			this.taskExecutor.execute(() -> this.pool.close(close.member()), (ex) -> this.pool.close(close.member()));
		}
		else if (effect instanceof Effect.Tick<Q, R> tick) {
			schedule(tick.delayNanos());
		}
		else if (effect instanceof Effect.Readmitted<Q, R> readmitted) {
			readmitted.member().loadTracker.readmitted(this.ticker.nanos());
		}
		else if (effect instanceof Effect.TellOfLeak<Q, R> leak) {
			this.leakLog.suspected(leak.member(), leak.seen());
		}
		else if (effect instanceof Effect.Warn<Q, R> warn) {
			logger.log(Level.WARNING, warn.message());
		}
	}

	/** Whoever comes out of the lock must not pay for a scheduler that was shut down. */
	private void schedule(long delayNanos) {
		try {
			this.scheduler.schedule(this.pool::tick, delayNanos);
		}
		catch (RuntimeException | Error ex) {
			logger.log(Level.WARNING, "Pool '" + this.name + "': scheduler rejected a task; using the shared scheduler",
					ex);
			Scheduler.shared().schedule(this.pool::tick, delayNanos);
		}
	}

}
