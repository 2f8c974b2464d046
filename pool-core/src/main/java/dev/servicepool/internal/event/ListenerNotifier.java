package dev.servicepool.internal.event;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.servicepool.internal.util.PoolLogger;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolListener;
import dev.servicepool.TimingListener;

/**
 * Notifies listeners. Events are queued under the lock. A thread that has released the
 * lock delivers them one at a time, in order.
 */
public final class ListenerNotifier {

	private static final Logger logger = PoolLogger.get();

	private final String pool;

	private final List<PoolListener> listeners;

	/** Never modified. An array because each lease iterates over it. */
	private final TimingListener[] timingListeners;

	/** Added to under the lock, emptied by one thread at a time without it. */
	private final Queue<PoolEvent> events = new ConcurrentLinkedQueue<>();

	/**
	 * The number of threads that arrived since the current delivery began. Any thread.
	 */
	private final AtomicInteger arrivals = new AtomicInteger();

	public ListenerNotifier(String pool, List<PoolListener> listeners, List<TimingListener> timingListeners) {
		this.pool = pool;
		this.listeners = List.copyOf(listeners);
		this.timingListeners = timingListeners.toArray(TimingListener[]::new);
	}

	/** Queue an event. Under the lock. */
	public void add(PoolEvent event) {
		if (!this.listeners.isEmpty()) {
			this.events.add(event);
		}
	}

	/**
	 * Deliver the queued events, unless another thread is already delivering them. Not
	 * under the lock.
	 */
	public void deliver() {
		if (this.events.isEmpty() || this.arrivals.getAndIncrement() > 0) {
			return;
		}
		int seen = 1;
		while (seen != 0) {
			for (PoolEvent event = this.events.poll(); event != null; event = this.events.poll()) {
				PoolEvent next = event;
				notifyEach((listener) -> listener.onEvent(next));
			}
			seen = this.arrivals.addAndGet(-seen);
		}
	}

	public void closed() {
		notifyEach((listener) -> listener.onClosed(this.pool));
	}

	private void notifyEach(Consumer<PoolListener> call) {
		for (PoolListener listener : this.listeners) {
			notify(listener, call);
		}
	}

	/** Return whether a listener needs durations. Constant. */
	public boolean isTimed() {
		return this.timingListeners.length > 0;
	}

	public void acquired(long waitNanos) {
		for (TimingListener listener : this.timingListeners) {
			notify(listener, (each) -> each.onAcquired(this.pool, waitNanos));
		}
	}

	public void released(long activeNanos) {
		for (TimingListener listener : this.timingListeners) {
			notify(listener, (each) -> each.onReleased(this.pool, activeNanos));
		}
	}

	public void created(long creationNanos) {
		for (TimingListener listener : this.timingListeners) {
			notify(listener, (each) -> each.onCreated(this.pool, creationNanos));
		}
	}

	private <L> void notify(L listener, Consumer<L> call) {
		try {
			call.accept(listener);
		}
		catch (Throwable ex) {
			logger.log(Level.WARNING, "Pool '" + this.pool + "': listener " + listener + " threw an exception", ex);
		}
	}

}
