package dev.servicepool.spring.http;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolException;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Stands by while a request waits for a lease of a pool. That happens once for most
 * requests, and once more for each time a service refuses one.
 */
@FunctionalInterface
public interface WaitObserver {

	/** Does nothing but let the request wait. */
	WaitObserver NONE = (pool, wait) -> wait.forLease();

	/**
	 * Let a request wait for a lease.
	 * @param pool the pool
	 * @param wait how to wait, to be called once
	 * @return the lease that it returns
	 * @throws InterruptedException if the thread is interrupted
	 * @throws PoolException if no service could be had
	 */
	Lease<HttpCall, ClientHttpResponse> observe(Pool<?, ?> pool, Wait wait) throws InterruptedException;

	/** Waits. */
	@FunctionalInterface
	interface Wait {

		/**
		 * Wait for a lease.
		 * @return the lease
		 * @throws InterruptedException if the thread is interrupted
		 * @throws PoolException if no service could be had
		 */
		Lease<HttpCall, ClientHttpResponse> forLease() throws InterruptedException;

	}

}
