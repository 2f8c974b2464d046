package dev.servicepool.spring.autoconfigure;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.WaitObserver;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.function.SingletonSupplier;

/**
 * Passes waits on to the {@link WaitObserver} bean if there is one, which is looked up at
 * the first wait: what it needs may need a client to be created.
 */
final class LazyWaitObserver implements WaitObserver {

	private final SingletonSupplier<WaitObserver> observer;

	LazyWaitObserver(ObjectProvider<WaitObserver> observers) {
		this.observer = SingletonSupplier.of(() -> observers.getIfAvailable(() -> NONE));
	}

	/** Look the bean up now, so that it need not be when the container is closed. */
	void find() {
		this.observer.obtain();
	}

	@Override
	public Lease<HttpCall, ClientHttpResponse> observe(Pool<?, ?> pool, Wait wait) throws InterruptedException {
		return this.observer.obtain().observe(pool, wait);
	}

}
