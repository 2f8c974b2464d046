package dev.servicepool;

import java.time.Duration;

/**
 * The right to send one request to one service of a pool, which holds one of that
 * service's places until it ends.
 * <p>
 * A lease ends with the first of {@link #succeed()}, {@link #fail(Throwable)},
 * {@link #returnUnsent()}, {@link #awaitLeaseAfterRefusal()} and {@link #close()}; what
 * comes later is ignored. All methods may be called from any thread.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the responses
 */
public interface Lease<Q, R> extends AutoCloseable {

	/**
	 * Return the service to send the request to.
	 * @return the service
	 */
	Service<Q, R> service();

	/**
	 * Return what the service was made for.
	 * @return the target
	 */
	Target target();

	/**
	 * Say what the lease is used for, such as a request with method and address, for
	 * whoever looks for leases that don't end. Without effect unless the pool tracks its
	 * leases.
	 * @param use shown in messages as its {@code toString()} says
	 */
	void describeUse(Object use);

	/**
	 * Say that the response has begun (for HTTP: its head has arrived), which ends the
	 * latency that the load metric sees. The first call counts; without one, the end of
	 * the lease does.
	 */
	void recordResponse();

	/**
	 * Say that from now on until it ends, the request takes up a share of what its
	 * service can carry, which is more than one of many places: a large response that is
	 * read slowly, for example, may fill most of the window of a connection. The service
	 * gets fewer requests meanwhile, but always one at a time. Includes
	 * {@link #recordResponse()}. The first call counts; without effect if the number of
	 * requests that a service takes is unlimited.
	 * @param share from 0 for nothing to 1 for all that the service can carry
	 * @throws IllegalArgumentException if {@code share} is not from 0 to 1
	 */
	void occupy(double share);

	/**
	 * Say that the server asks for no requests for a while (for HTTP: an answer with
	 * {@code Retry-After}): its service gets none until then, and no others are made for
	 * its target because of load. Callers for whom there is no other service wait. The
	 * lease goes on; its end is counted, but says nothing of the service.
	 * <p>
	 * To be called before {@link #recordResponse()}, or the answer counts as a quick one.
	 * Without effect if the lease has ended.
	 * @param duration how long; more than 30 s are 30 s; zero or less is nothing
	 */
	void pauseFor(Duration duration);

	/**
	 * End the lease: the request was answered.
	 * @return whether this call ended the lease
	 */
	boolean succeed();

	/**
	 * End the lease: the request failed, before or after its response began. Failures
	 * raise the load of the service and may get it ejected, see {@link OutlierDetection}.
	 * @param cause why
	 * @return whether this call ended the lease
	 */
	boolean fail(Throwable cause);

	/**
	 * End the lease: the request is known to have never been sent. That says nothing of
	 * the service and feeds no estimate.
	 * @return whether this call ended the lease
	 */
	boolean returnUnsent();

	/**
	 * End the lease since its service has refused the request, which was never sent,
	 * because too many others are in flight; and wait for another lease, ahead of all who
	 * wait. From now on the service gets at most as many requests as were in flight
	 * beside this one; now and then one more is tried.
	 * <p>
	 * For the caller it is as if it had not been served yet: the request counts as
	 * unsent, it is no sample of the load estimate, and the wait ends when the pool's
	 * {@code acquireTimeout} since the first lease was asked for is over.
	 * @return another lease, of another service or of the same
	 * @throws InterruptedException if the thread is interrupted; the lease has ended
	 * @throws PoolException if there is none in time, see {@link Pool#acquire()}; the
	 * lease has ended
	 * @throws IllegalStateException if the lease had ended before
	 */
	Lease<Q, R> awaitLeaseAfterRefusal() throws InterruptedException;

	/**
	 * End the lease, if nothing has ended it yet, without an outcome: feeds no estimate.
	 */
	@Override
	void close();

}
