package dev.servicepool;

/**
 * Factory that creates the services of a pool. The pool calls it on its
 * {@linkplain PoolBuilder#executor executor} and creates services one at a time.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the responses
 */
@FunctionalInterface
public interface ServiceFactory<Q, R> {

	/**
	 * Create a service. This method may block for up to the pool's {@code createTimeout}.
	 * After that time, the pool interrupts the thread and stops waiting for the attempt.
	 * The pool may then start the next attempt, and it closes a service that arrives
	 * late.
	 * @param target the target of the service
	 * @return a new service, never {@code null}
	 * @throws Exception if the creation fails; the pool retries after a backoff
	 */
	Service<Q, R> create(Target target) throws Exception;

}
