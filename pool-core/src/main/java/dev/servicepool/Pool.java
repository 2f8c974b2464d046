package dev.servicepool;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A pool of services that balances requests over them by power of two choices, makes one
 * more when callers keep finding none ready, and removes one when callers hardly ever do.
 * <p>
 * All methods are safe for use by any number of threads.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the responses
 */
public interface Pool<Q, R> extends AutoCloseable {

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	String name();

	/**
	 * Return the settings in force.
	 * @return the settings
	 */
	PoolSettings settings();

	/**
	 * Make the pool's {@code minServices} in the background, without waiting for a first
	 * request. A pool that is not started does the same at its first request.
	 */
	void start();

	/**
	 * Send one request to one service and wait for the answer.
	 * @param request what is asked
	 * @return the answer
	 * @throws InterruptedException if the thread was interrupted while it waited for a
	 * service
	 * @throws PoolException if no service could be had, see {@link #acquire()}
	 * @throws Exception what the service throws, unchanged
	 */
	R call(Q request) throws Exception;

	/**
	 * Wait for a service, at most for the pool's {@code acquireTimeout}.
	 * @return a lease, which the caller must end
	 * @throws InterruptedException if the thread is interrupted
	 * @throws AcquireTimeoutException if the time is up
	 * @throws PoolOverloadedException if {@code maxWaiting} callers wait already
	 * @throws NoServiceException if the pool has no service and could make none
	 * @throws PoolClosedException if the pool is closed
	 */
	Lease<Q, R> acquire() throws InterruptedException;

	/**
	 * Wait for a service.
	 * @param timeout how long at most; zero or less does not wait
	 * @return a lease, which the caller must end
	 * @throws InterruptedException if the thread is interrupted
	 * @throws AcquireTimeoutException if the time is up
	 * @throws PoolOverloadedException if {@code maxWaiting} callers wait already
	 * @throws NoServiceException if the pool has no service and could make none
	 * @throws PoolClosedException if the pool is closed
	 */
	Lease<Q, R> acquire(Duration timeout) throws InterruptedException;

	/**
	 * Take a service if one is ready now.
	 * @return a lease, which the caller must end, or {@code null} if none is ready
	 * @throws PoolClosedException if the pool is closed
	 */
	@Nullable Lease<Q, R> tryAcquire();

	/**
	 * Take a service of one of some targets if one is ready now, for a request that would
	 * be wasted on the others. If there is none, that says nothing of the load. Takes
	 * time in proportion to the number of services.
	 * @param wanted which targets will do
	 * @return a lease, which the caller must end, or {@code null} if none of their
	 * services is ready
	 * @throws PoolClosedException if the pool is closed
	 */
	@Nullable Lease<Q, R> tryAcquire(Predicate<? super Target> wanted);

	/**
	 * Change what the services are made for. Services of targets that are not among them
	 * any more drain; a target that is new gets a service, if need be in place of one
	 * whose target keeps another.
	 * @param targets the targets, at least one, in any order
	 * @throws InvalidSettingException if there is none, or one twice
	 */
	void retarget(List<Target> targets);

	/**
	 * Return the state of the pool at this moment.
	 * @return the state
	 */
	PoolSnapshot snapshot();

	/**
	 * Retire every service the pool has now and wait until they have closed. The pool
	 * stays usable: the next request makes services anew.
	 * @param timeout how long to wait at most; what is still in use then goes on draining
	 * @return whether all have closed in time
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	boolean drain(Duration timeout) throws InterruptedException;

	/**
	 * Close the pool: waiting callers are turned away, requests in flight may end, for at
	 * most the pool's {@code closeTimeout}; then, or when the thread is interrupted, the
	 * services that are left are closed under them. Closing again does nothing.
	 */
	@Override
	void close();

	/**
	 * Return a pool with default settings for one target, named as the target.
	 * @param <Q> the type of the requests
	 * @param <R> the type of the responses
	 * @param factory makes the services
	 * @param target what they are made for
	 * @return a new pool
	 */
	static <Q, R> Pool<Q, R> of(ServiceFactory<Q, R> factory, Target target) {
		return builder().name(target.name()).targets(target).build(factory);
	}

	/**
	 * Return a builder with the default settings.
	 * @return a new builder
	 */
	static PoolBuilder builder() {
		return new PoolBuilder();
	}

}
