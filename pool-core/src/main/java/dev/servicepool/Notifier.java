package dev.servicepool;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Tells listeners of events one at a time and in order, never under the pool's lock:
 * events queue up under the lock, and one of the threads that come out of it tells them
 * all.
 */
final class Notifier {

	private static final Logger logger = System.getLogger(Notifier.class.getName());

	private final List<PoolListener> listeners;

	/** Filled under the lock, emptied by one thread at a time outside of it. */
	private final Queue<PoolEvent> events = new ConcurrentLinkedQueue<>();

	/** How many threads have come to tell events since the one that does began. */
	private final AtomicInteger comers = new AtomicInteger();

	Notifier(List<PoolListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	/** Queue an event. Under the lock. */
	void add(PoolEvent event) {
		if (!this.listeners.isEmpty()) {
			this.events.add(event);
		}
	}

	/** Tell what is queued, unless another thread does. Not under the lock. */
	void tell() {
		if (this.events.isEmpty() || this.comers.getAndIncrement() > 0) {
			return;
		}
		int seen = 1;
		while (seen != 0) {
			for (PoolEvent event = this.events.poll(); event != null; event = this.events.poll()) {
				PoolEvent told = event;
				tellEach((listener) -> listener.onEvent(told));
			}
			seen = this.comers.addAndGet(-seen);
		}
	}

	boolean hasListeners() {
		return !this.listeners.isEmpty();
	}

	void acquired(String pool, long waitedNanos) {
		tellEach((listener) -> listener.onAcquired(pool, waitedNanos));
	}

	private void tellEach(Consumer<PoolListener> call) {
		for (PoolListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (RuntimeException | Error ex) {
				logger.log(Level.WARNING, "Pool listener " + listener + " failed", ex);
			}
		}
	}

}
