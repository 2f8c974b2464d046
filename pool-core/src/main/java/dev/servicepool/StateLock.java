package dev.servicepool;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Lock of a pool: only one thread at a time accesses the {@link PoolState}. Runs the
 * resulting effects after the lock has been released.
 */
final class StateLock<Q, R> {

	private final PoolState<Q, R> state;

	private final EffectRunner<Q, R> effects;

	private final ListenerNotifier notifier;

	private final Ticker ticker;

	private final ReentrantLock lock = new ReentrantLock();

	/** Signaled when a service may have closed. */
	private final Condition serviceClosed = this.lock.newCondition();

	StateLock(PoolState<Q, R> state, EffectRunner<Q, R> effects, ListenerNotifier notifier, Ticker ticker) {
		this.state = state;
		this.effects = effects;
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
		return runLocked(event, (now, decision) -> decision);
	}

	/** Read the state after all due work has been performed. */
	<T> T read(LongFunction<T> view) {
		return runLocked((now) -> Boolean.TRUE, (now, nothing) -> view.apply(now));
	}

	private <D, T> T runLocked(LongFunction<D> event, Result<D, T> result) {
		T value;
		List<Effect<Q, R>> effects;
		this.lock.lock();
		try {
			long now = this.ticker.nanos();
			this.state.enter(now);
			D decision = event.apply(now);
			effects = this.state.exit(now);
			value = result.of(now, decision);
		}
		finally {
			this.lock.unlock();
		}
		effects.forEach(this.effects::run);
		this.notifier.deliver();
		return value;
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
		}
	}

	/** Function that reads a result from the state before the lock is released. */
	private interface Result<D, T> {

		T of(long now, D decision);

	}

}
