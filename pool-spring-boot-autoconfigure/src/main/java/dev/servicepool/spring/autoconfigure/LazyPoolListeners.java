package dev.servicepool.spring.autoconfigure;

import java.util.function.Consumer;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Passes what the pools do on to all {@link PoolListener} beans, which are looked up when
 * the first pool does something: a listener may need a pool to be created.
 */
final class LazyPoolListeners implements PoolListener {

	private static final Log logger = LogFactory.getLog(LazyPoolListeners.class);

	private final ObjectProvider<PoolListener> provider;

	/** Set by any thread, to the same beans whichever is first. */
	private volatile PoolListener @Nullable [] listeners;

	LazyPoolListeners(ObjectProvider<PoolListener> provider) {
		this.provider = provider;
	}

	@Override
	public void onEvent(PoolEvent event) {
		tell((listener) -> listener.onEvent(event));
	}

	@Override
	public void onAcquired(String pool, long waitedNanos) {
		tell((listener) -> listener.onAcquired(pool, waitedNanos));
	}

	@Override
	public boolean timesLeases() {
		for (PoolListener listener : listeners()) {
			if (listener.timesLeases()) {
				return true;
			}
		}
		return false;
	}

	@Override
	public void onReleased(String pool, long activeNanos) {
		tell((listener) -> {
			if (listener.timesLeases()) {
				listener.onReleased(pool, activeNanos);
			}
		});
	}

	@Override
	public void onCreated(String pool, long elapsedNanos) {
		tell((listener) -> listener.onCreated(pool, elapsedNanos));
	}

	@Override
	public void onClosed(String pool) {
		tell((listener) -> listener.onClosed(pool));
	}

	/**
	 * Tell all listeners, even if one of them fails.
	 */
	private void tell(Consumer<PoolListener> message) {
		for (PoolListener listener : listeners()) {
			try {
				message.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("Pool listener " + listener + " failed", ex);
			}
		}
	}

	private PoolListener[] listeners() {
		PoolListener[] listeners = this.listeners;
		if (listeners == null) {
			listeners = this.provider.orderedStream().toArray(PoolListener[]::new);
			this.listeners = listeners;
		}
		return listeners;
	}

}
