package dev.servicepool.internal;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

import dev.servicepool.internal.event.ListenerNotifier;
import dev.servicepool.Ticker;

/**
 * Lock of a pool: only one thread at a time accesses the {@link PoolState}. Runs the
 * resulting effects after the lock has been released.
 */
final class StateLock<Q, R> {

	private final PoolState<Q, R> state;

	private final Effect.Actions<Q, R> actions;

	private final ListenerNotifier notifier;

	private final Ticker ticker;

	private final ReentrantLock lock = new ReentrantLock();

	/** Signaled when a service may have closed. */
	private final Condition serviceClosed = this.lock.newCondition();

	/**
	 * Whether the state has to check what threads counted without the lock. Any thread.
	 */
	private volatile boolean checkDue;

	StateLock(PoolState<Q, R> state, Effect.Actions<Q, R> actions, ListenerNotifier notifier, Ticker ticker) {
		this.state = state;
		this.actions = actions;
		this.notifier = notifier;
		this.ticker = ticker;
	}

	/** Report an event to the state, then run the resulting effects. */
	void update(LongConsumer event) {
		decide((now) -> {
			event.accept(now);
			return Boolean.TRUE;
		});
	}

	/**
	 * Report an event to the state, run the resulting effects, and return the decision.
	 */
	<T> T decide(LongFunction<T> event) {
		this.lock.lock();
		T decision = run(event);
		runDueChecks();
		return decision;
	}

	/**
	 * Let the state check what threads counted without the lock. Never waits: if another
	 * thread has the lock, it runs the check afterwards. The scheduler may have paused
	 * that thread, and no caller has to wait until it continues.
	 */
	void check() {
		this.checkDue = true;
		runDueChecks();
	}

	/**
	 * Run the checks that are due, unless another thread has the lock. A thread that
	 * fails to get the lock has set the field before, so that the thread that releases
	 * the lock sees it.
	 */
	private void runDueChecks() {
		while (this.checkDue && !this.lock.isHeldByCurrentThread() && this.lock.tryLock()) {
			run((now) -> Boolean.TRUE);
		}
	}

	/** Report an event to the state, release the lock, and run the resulting effects. */
	private <T> T run(LongFunction<T> event) {
		T decision;
		List<Effect<Q, R>> effects;
		try {
			this.checkDue = false;
			long now = this.ticker.nanos();
			this.state.enter(now);
			decision = event.apply(now);
			effects = this.state.exit(now);
		}
		finally {
			this.lock.unlock();
		}
		effects.forEach((effect) -> effect.run(this.actions));
		this.notifier.deliver();
		return decision;
	}

	/** Read the state. Only checks that became due meanwhile may change it. */
	<T> T read(LongFunction<T> view) {
		this.lock.lock();
		try {
			return view.apply(this.ticker.nanos());
		}
		finally {
			this.lock.unlock();
			runDueChecks();
		}
	}

	/** Signal that a service may have closed. Under the lock. */
	void servicesClosed() {
		this.serviceClosed.signalAll();
	}

	/**
	 * Wait until services have closed.
	 * @return whether all services have closed in time
	 */
	boolean awaitClosed(List<Member<Q, R>> retired, long timeoutNanos) throws InterruptedException {
		long left = timeoutNanos;
		this.lock.lockInterruptibly();
		try {
			while (retired.stream().anyMatch(this.state::isRetired)) {
				if (left <= 0) {
					return false;
				}
				left = this.serviceClosed.awaitNanos(left);
			}
			return true;
		}
		finally {
			this.lock.unlock();
			runDueChecks();
		}
	}

}
