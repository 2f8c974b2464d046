package dev.servicepool.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

import dev.servicepool.Pool;
import dev.servicepool.Scheduler;
import dev.servicepool.Ticker;

/**
 * Runs the effects of decisions after the lock has been released. Effects that may block
 * run on the executor, all others immediately.
 */
final class EffectRunner<Q, R> {

	private static final Logger logger = System.getLogger(Pool.class.getName());

	private final Operations<Q, R> operations;

	private final String name;

	private final LeakLog leakLog;

	private final Ticker ticker;

	private final Scheduler scheduler;

	private final TaskExecutor taskExecutor;

	EffectRunner(String name, Operations<Q, R> operations, LeakLog leakLog, Ticker ticker, Scheduler scheduler,
			TaskExecutor taskExecutor) {
		this.name = name;
		this.operations = operations;
		this.leakLog = leakLog;
		this.ticker = ticker;
		this.scheduler = scheduler;
		this.taskExecutor = taskExecutor;
	}

	/** Operations that call user code and then report the result to the engine. */
	interface Operations<Q, R> {

		/** Poll a service for the first caller in the wait queue. */
		void poll(Member<Q, R> member);

		/** Process the wake-up of a service. */
		void wokeUp(Member<Q, R> member);

		/** Create a service. */
		void create(CreationAttempt attempt);

		/** Report that a creation failed. */
		void creationFailed(CreationAttempt attempt, Throwable cause);

		/** Close a service. */
		void close(Member<Q, R> member);

		/** Check for due work. */
		void tick();

	}

	void run(Effect<Q, R> effect) {
		if (effect instanceof Effect.Wake<Q, R> wake) {
			wake.waiter().wake();
		}
		else if (effect instanceof Effect.Poll<Q, R> poll) {
			this.taskExecutor.execute(() -> this.operations.poll(poll.member()),
					(ex) -> this.operations.poll(poll.member()));
		}
		else if (effect instanceof Effect.WakeUp<Q, R> wakeUp) {
			this.taskExecutor.execute(() -> this.operations.wokeUp(wakeUp.member()),
					(ex) -> this.operations.wokeUp(wakeUp.member()));
		}
		else if (effect instanceof Effect.Create<Q, R> create) {
			this.taskExecutor.execute(() -> this.operations.create(create.attempt()),
					(ex) -> this.operations.creationFailed(create.attempt(), ex));
		}
		else if (effect instanceof Effect.CancelCreation<Q, R> cancel) {
			cancel.attempt().cancel();
		}
		else if (effect instanceof Effect.Close<Q, R> close) {
			this.taskExecutor.execute(() -> this.operations.close(close.member()),
					(ex) -> this.operations.close(close.member()));
		}
		else if (effect instanceof Effect.Tick<Q, R> tick) {
			schedule(tick.delayNanos());
		}
		else if (effect instanceof Effect.Readmitted<Q, R> readmitted) {
			readmitted.member().loadTracker.readmitted(this.ticker.nanos());
		}
		else if (effect instanceof Effect.ReportLeak<Q, R> leak) {
			this.leakLog.suspected(leak.member(), leak.observed());
		}
		else if (effect instanceof Effect.Warn<Q, R> warn) {
			logger.log(Level.WARNING, warn.message());
		}
	}

	/**
	 * Schedule a tick. If the scheduler was shut down, the calling thread must not fail.
	 */
	private void schedule(long delayNanos) {
		try {
			this.scheduler.schedule(this.operations::tick, delayNanos);
		}
		catch (RuntimeException | Error ex) {
			logger.log(Level.WARNING, "Pool '" + this.name + "': scheduler rejected a task; using the shared scheduler",
					ex);
			Scheduler.shared().schedule(this.operations::tick, delayNanos);
		}
	}

}
