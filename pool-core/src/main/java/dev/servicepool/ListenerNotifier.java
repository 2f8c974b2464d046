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
final class ListenerNotifier {

	private static final Logger logger = System.getLogger(ListenerNotifier.class.getName());

	/** Never changed. An array, since each lease goes through it. */
	private final PoolListener[] listeners;

	/** Filled under the lock, emptied by one thread at a time outside of it. */
	private final Queue<PoolEvent> events = new ConcurrentLinkedQueue<>();

	/** How many threads have come to tell events since the one that does began. */
	private final AtomicInteger comers = new AtomicInteger();

	ListenerNotifier(List<PoolListener> listeners) {
		this.listeners = listeners.toArray(PoolListener[]::new);
	}

	/** Queue an event. Under the lock. */
	void add(PoolEvent event) {
		if (hasListeners()) {
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
		return this.listeners.length > 0;
	}

	void acquired(String pool, long waitedNanos) {
		tellEach((listener) -> listener.onAcquired(pool, waitedNanos));
	}

	/** Whether a listener wants to hear of leases that end. */
	boolean timesLeases() {
		for (PoolListener listener : this.listeners) {
			if (timesLeases(listener)) {
				return true;
			}
		}
		return false;
	}

	private static boolean timesLeases(PoolListener listener) {
		try {
			return listener.timesLeases();
		}
		catch (RuntimeException | Error ex) {
			logFailure(listener, ex);
			return false;
		}
	}

	void released(String pool, long activeNanos) {
		for (PoolListener listener : this.listeners) {
			if (timesLeases(listener)) {
				tell(listener, (one) -> one.onReleased(pool, activeNanos));
			}
		}
	}

	void created(String pool, long elapsedNanos) {
		tellEach((listener) -> listener.onCreated(pool, elapsedNanos));
	}

	void closed(String pool) {
		tellEach((listener) -> listener.onClosed(pool));
	}

	private void tellEach(Consumer<PoolListener> call) {
		for (PoolListener listener : this.listeners) {
			tell(listener, call);
		}
	}

	private static void tell(PoolListener listener, Consumer<PoolListener> call) {
		try {
			call.accept(listener);
		}
		catch (RuntimeException | Error ex) {
			logFailure(listener, ex);
		}
	}

	private static void logFailure(PoolListener listener, Throwable failure) {
		logger.log(Level.WARNING, "Pool listener " + listener + " failed", failure);
	}

}
