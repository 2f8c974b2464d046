package dev.servicepool;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * The lock of a pool: lets one thread at a time at the {@link PoolState}, and does what
 * that wants done once the lock is left.
 */
final class StateLock<Q, R> {

	private final PoolState<Q, R> state;

	private final EffectRunner<Q, R> effects;

	private final ListenerNotifier notifier;

	private final Ticker ticker;

	private final ReentrantLock lock = new ReentrantLock();

	/** Signalled when a service may have closed. */
	private final Condition serviceClosed = this.lock.newCondition();

	StateLock(PoolState<Q, R> state, EffectRunner<Q, R> effects, ListenerNotifier notifier, Ticker ticker) {
		this.state = state;
		this.effects = effects;
		this.notifier = notifier;
		this.ticker = ticker;
	}

	/** Let the state take in an event, then do what it says. */
	void tell(LongConsumer event) {
		decide((now) -> {
			event.accept(now);
			return Boolean.TRUE;
		});
	}

	/** Let the state decide on an event, then do what it says. */
	<T> T decide(LongFunction<T> event) {
		return pass(event, (now, decision) -> decision);
	}

	/** Look at the state once everything has followed from what has happened so far. */
	<T> T look(LongFunction<T> view) {
		return pass((now) -> Boolean.TRUE, (now, nothing) -> view.apply(now));
	}

	private <D, T> T pass(LongFunction<D> event, Result<D, T> result) {
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
		effects.forEach(this.effects::carryOut);
		this.notifier.deliver();
		return value;
	}

	/** A service may have closed. Under the lock. */
	void servicesClosed() {
		this.serviceClosed.signalAll();
	}

	/**
	 * Wait until services have closed.
	 * @return whether all have in time
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

	/** What is taken out of the state as it is left. Under the lock. */
	private interface Result<D, T> {

		T of(long now, D decision);

	}

}
