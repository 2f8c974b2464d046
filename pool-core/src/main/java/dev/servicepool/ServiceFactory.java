package dev.servicepool;

/**
 * Makes the services of a pool, one at a time, never on a caller's thread.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the responses
 */
@FunctionalInterface
public interface ServiceFactory<Q, R> {

	/**
	 * Make a service. May block, for at most the pool's {@code createTimeout}: past it
	 * the thread is interrupted, the attempt counts as failed, and a service that comes
	 * late is closed.
	 * @param target what the service is for, the least served of the pool's targets
	 * @return a new service, never {@code null}
	 * @throws Exception if none can be made; the pool backs off and tries again
	 */
	Service<Q, R> create(Target target) throws Exception;

}
