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
final class StateGuard<Q, R> {

	private final PoolState<Q, R> state;

	private final EffectRunner<Q, R> effects;

	private final Notifier notifier;

	private final Ticker ticker;

	private final ReentrantLock lock = new ReentrantLock();

	/** Signalled when a service may have closed. */
	private final Condition departure = this.lock.newCondition();

	StateGuard(PoolState<Q, R> state, EffectRunner<Q, R> effects, Notifier notifier, Ticker ticker) {
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
		T decision;
		List<Effect<Q, R>> effects;
		this.lock.lock();
		try {
			long now = this.ticker.nanos();
			this.state.enter(now);
			decision = event.apply(now);
			effects = this.state.leave(now);
		}
		finally {
			this.lock.unlock();
		}
		effects.forEach(this.effects::carryOut);
		this.notifier.tell();
		return decision;
	}

	/** A service may have closed. Under the lock. */
	void departed() {
		this.departure.signalAll();
	}

	/**
	 * Wait until services have closed.
	 * @return whether all have in time
	 */
	boolean awaitDeparture(List<Member<Q, R>> leaving, long timeoutNanos) throws InterruptedException {
		long left = timeoutNanos;
		this.lock.lockInterruptibly();
		try {
			while (leaving.stream().anyMatch(this.state::isLeaving)) {
				if (left <= 0) {
					return false;
				}
				left = this.departure.awaitNanos(left);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

}
