package dev.servicepool.spring.autoconfigure;

import java.util.List;
import java.util.function.Consumer;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolListener;
import dev.servicepool.TimingListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.function.SingletonSupplier;

/**
 * Delegates to all {@link PoolListener} and {@link TimingListener} beans. They are looked
 * up when the first pool notifies them, because a listener may need a pool.
 */
final class LazyListeners implements PoolListener, TimingListener {

	private static final Log logger = LogFactory.getLog(LazyListeners.class);

	private final SingletonSupplier<List<PoolListener>> listeners;

	private final SingletonSupplier<List<TimingListener>> timingListeners;

	LazyListeners(ObjectProvider<PoolListener> listeners, ObjectProvider<TimingListener> timingListeners) {
		this.listeners = SingletonSupplier.of(() -> listeners.orderedStream().toList());
		this.timingListeners = SingletonSupplier.of(() -> timingListeners.orderedStream().toList());
	}

	@Override
	public void onEvent(PoolEvent event) {
		notifyEach(event.pool(), this.listeners.obtain(), (listener) -> listener.onEvent(event));
	}

	@Override
	public void onClosed(String pool) {
		notifyEach(pool, this.listeners.obtain(), (listener) -> listener.onClosed(pool));
	}

	@Override
	public void onAcquired(String pool, long waitNanos) {
		notifyEach(pool, this.timingListeners.obtain(), (listener) -> listener.onAcquired(pool, waitNanos));
	}

	@Override
	public void onReleased(String pool, long activeNanos) {
		notifyEach(pool, this.timingListeners.obtain(), (listener) -> listener.onReleased(pool, activeNanos));
	}

	@Override
	public void onCreated(String pool, long creationNanos) {
		notifyEach(pool, this.timingListeners.obtain(), (listener) -> listener.onCreated(pool, creationNanos));
	}

	/**
	 * Notify each listener, even if another one fails.
	 */
	private static <L> void notifyEach(String pool, List<L> listeners, Consumer<L> call) {
		for (L listener : listeners) {
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				logger.warn("Pool '" + pool + "': listener " + listener + " threw an exception", ex);
			}
		}
	}

}
