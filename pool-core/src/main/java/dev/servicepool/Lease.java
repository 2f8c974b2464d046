package dev.servicepool;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Right to send one request to one service of a pool. An active lease uses one permit of
 * its service until the lease ends.
 * <p>
 * A caller must end each lease with one of the following methods:
 * <ul>
 * <li>{@link #succeed()} if the service responded</li>
 * <li>{@link #fail(Throwable)} if the request failed</li>
 * <li>{@link #returnUnsent()} if the request was not sent</li>
 * <li>{@link #awaitLeaseAfterRefusal()} if the service refused the request</li>
 * <li>{@link #awaitOther(Throwable, Predicate)} if the request failed and can be sent
 * again</li>
 * <li>{@link #close()} if the outcome is unknown</li>
 * </ul>
 * The first call ends the lease. Later calls have no effect, except that a later call of
 * {@code awaitLeaseAfterRefusal} or {@code awaitOther} throws an exception.
 * <p>
 * The methods {@link #describeUse}, {@link #recordResponse()},
 * {@link #recordErrorResponse()}, {@link #occupy} and {@link #pauseFor} report facts
 * about the request while the lease is active. Do not use the service after the lease has
 * ended.
 * <p>
 * A try-with-resources statement closes the lease before its {@code catch} block runs. A
 * call to {@code fail} in that block therefore has no effect. To report failures, use the
 * form that the documentation of {@link Pool} shows.
 * <p>
 * Any thread may call these methods.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the responses
 */
public interface Lease<Q, R> extends AutoCloseable {

	/**
	 * Return the service to which the caller sends the request.
	 * @return the service
	 */
	Service<Q, R> service();

	/**
	 * Return the target of the service.
	 * @return the target
	 */
	Target target();

	/**
	 * Describe the use of the lease, such as the method and address of an HTTP request.
	 * Messages about active leases contain this description. Has no effect unless the
	 * pool tracks its leases, see {@link PoolBuilder#trackLeases}.
	 * @param use the use, which messages describe by its {@code toString()} method
	 */
	void describeUse(Object use);

	/**
	 * Record that the response has begun. For HTTP, this is the arrival of the response
	 * head. The load metric measures the latency until this call, or until the end of the
	 * lease if this method is not called. Only the first call has an effect.
	 */
	void recordResponse();

	/**
	 * Record that an error response has begun. For HTTP, this is the arrival of a
	 * response head with a status from 400 to 599. An error response that arrives sooner
	 * than a successful one counts as a request in flight in the load score of the
	 * service, until a successful response would have arrived. A service that responds
	 * with errors therefore does not seem to be fast. The lease still releases its permit
	 * when it ends.
	 * <p>
	 * Has no effect after {@link #recordResponse()}. The lease must still be ended. Its
	 * outcome decides whether the error is a failure of the service.
	 */
	void recordErrorResponse();

	/**
	 * Return whether the only connection of the service is known to have ended since the
	 * lease began. A request without a response has then lost its connection, although
	 * its client may report a timeout only.
	 * @return {@code false} if the service has several connections, or if the pool does
	 * not record the times of requests
	 */
	boolean hasConnectionEnded();

	/**
	 * Occupy a share of the service's capacity until the lease ends. Use this method if
	 * the request needs more than one permit. For example, a large response that is read
	 * slowly may fill most of the flow-control window of a connection. The pool lowers
	 * the concurrency limit of the service accordingly, but never below 1.
	 * <p>
	 * This method also {@linkplain #recordResponse() records the response}. The first
	 * call of {@code occupy} has an effect even after {@link #recordResponse()}; later
	 * calls have none. Has no effect on the limit if the number of concurrent requests
	 * per service is unlimited.
	 * @param share the share of the capacity, from 0 to 1
	 * @throws IllegalArgumentException if {@code share} is not between 0 and 1
	 */
	void occupy(double share);

	/**
	 * Pause the service because its server asked for a pause. For example, an HTTP server
	 * asks for a pause with the header {@code Retry-After}. A paused service receives
	 * only requests that would otherwise wait, so that a pause moves requests and delays
	 * none. If several services are paused, the one whose pause ends first receives them.
	 * While the service is paused, high load does not cause the pool to create further
	 * services for its target. If all targets are paused, the pool ends all pauses. A
	 * pool with one target therefore ignores pauses.
	 * <p>
	 * The lease remains active. The pool counts the outcome of the lease, but a failure
	 * does not count against the service. Call this method before
	 * {@link #recordResponse()}, because otherwise the load metric measures the response
	 * as a fast one. Has no effect after the end of the lease.
	 * @param duration the duration of the pause, at most 30 s; a longer pause is
	 * shortened; zero and negative durations have no effect
	 */
	void pauseFor(Duration duration);

	/**
	 * End the lease because the service responded to the request.
	 * @return whether this call ended the lease
	 */
	boolean succeed();

	/**
	 * End the lease because the request failed, before or after its response began. A
	 * failure raises the load score of the service and may cause its ejection, see
	 * {@link OutlierDetection}. {@link PoolBuilder#failureWhen} decides which failures
	 * are ignored.
	 * @param cause the cause of the failure
	 * @return whether this call ended the lease
	 */
	boolean fail(Throwable cause);

	/**
	 * End the lease because the request was certainly not sent. Affects neither the load
	 * score of the service nor outlier detection.
	 * @return whether this call ended the lease
	 */
	boolean returnUnsent();

	/**
	 * Require that each lease for another attempt has the target of this one. For
	 * example, a signature in the request may be valid for the address of this target
	 * only. Call this method before {@link #awaitLeaseAfterRefusal()},
	 * {@link #awaitOther(Throwable, Predicate)} or {@link #tryOther}, which then act as
	 * if the pool had no other target.
	 */
	void keepTarget();

	/**
	 * End the lease because the service refused the request, and wait for another lease.
	 * The caller waits at the head of the wait queue. A service refuses a request without
	 * processing it if too many requests are in flight. The pool lowers the concurrency
	 * limit of the service to the number of the other requests in flight. Later, the pool
	 * raises the limit again, up to {@code maxConcurrency}: first by one permit, and
	 * after each raise that succeeds by twice as many permits as before. If at least two
	 * services of a target have learned limits within the last minute, a new service of
	 * this target starts with the lowest of these limits.
	 * <p>
	 * The refused request counts as unsent, and the further wait adds no sample to the
	 * load estimate. The wait times out when the pool's {@code acquireTimeout} has passed
	 * since the caller requested the first lease.
	 * @return another lease, of the same service or of another one
	 * @throws InterruptedException if the thread is interrupted; this lease has ended
	 * nevertheless
	 * @throws PoolException if no service is available in time, see
	 * {@link Pool#acquire()}; this lease has ended nevertheless
	 * @throws IllegalStateException if this lease ended before the call
	 */
	default Lease<Q, R> awaitLeaseAfterRefusal() throws InterruptedException {
		return awaitLeaseAfterRefusal(ChronoUnit.FOREVER.getDuration());
	}

	/**
	 * Act as {@link #awaitLeaseAfterRefusal()}, and limit the wait.
	 * @param timeout the maximum time to wait from now
	 * @return another lease, of the same service or of another one
	 * @throws InterruptedException if the thread is interrupted; this lease has ended
	 * nevertheless
	 * @throws PoolException if no service is available in time, see
	 * {@link Pool#acquire()}; this lease has ended nevertheless
	 * @throws IllegalStateException if this lease ended before the call
	 */
	Lease<Q, R> awaitLeaseAfterRefusal(Duration timeout) throws InterruptedException;

	/**
	 * End the lease as {@link #fail} does, and wait for another lease, so that the
	 * request can be sent again. The caller waits at the head of the wait queue. A
	 * service of a preferred target is used if the pool has such a target, or a service
	 * of another target that has responded since. Otherwise, another service than this
	 * one is preferred.
	 * <p>
	 * A request that was {@linkplain Outcome#NOT_SENT not sent} can be sent again in any
	 * case. Any other request must be safe to repeat, and the pool allows only as many
	 * attempts as its {@linkplain Retry.Budget budget} contains, unless the service is
	 * {@linkplain Outcome#BROKEN broken}. The wait adds no sample to the load estimate.
	 * It times out when the pool's {@code acquireTimeout} has passed since the caller
	 * requested the first lease.
	 * @param cause the cause of the failure
	 * @param preferred the targets to prefer, usually those that were not tried yet;
	 * tested under the lock of the pool, so it must be fast and must not use the pool
	 * @return another lease; {@code null} if the budget is exhausted, or if the request
	 * was not sent and the pool has no preferred target; this lease has then not ended
	 * @throws InterruptedException if the thread is interrupted; this lease has ended
	 * nevertheless
	 * @throws PoolException if no service is available in time, see
	 * {@link Pool#acquire()}; this lease has ended nevertheless
	 * @throws IllegalStateException if this lease ended before the call
	 */
	default @Nullable Lease<Q, R> awaitOther(Throwable cause, Predicate<? super Target> preferred)
			throws InterruptedException {
		return awaitOther(cause, preferred, ChronoUnit.FOREVER.getDuration());
	}

	/**
	 * Act as {@link #awaitOther(Throwable, Predicate)}, and limit the wait.
	 * @param cause the cause of the failure
	 * @param preferred the targets to prefer, usually those that were not tried yet;
	 * tested under the lock of the pool, so it must be fast and must not use the pool
	 * @param timeout the maximum time to wait from now
	 * @return another lease; {@code null} if the budget is exhausted, or if the request
	 * was not sent and the pool has no preferred target; this lease has then not ended
	 * @throws InterruptedException if the thread is interrupted; this lease has ended
	 * nevertheless
	 * @throws PoolException if no service is available in time, see
	 * {@link Pool#acquire()}; this lease has ended nevertheless
	 * @throws IllegalStateException if this lease ended before the call
	 */
	@Nullable Lease<Q, R> awaitOther(Throwable cause, Predicate<? super Target> preferred, Duration timeout)
			throws InterruptedException;

	/**
	 * Acquire another lease without waiting, so that the request can be sent again. Use
	 * this method if servers may be overloaded, for example after a timeout or an error
	 * response. The request must be safe to repeat, and the pool allows only as many
	 * attempts as its {@linkplain Retry.Budget budget} contains.
	 * <p>
	 * This lease remains active, and must be ended as usual before the request is sent
	 * again. Its outcome then concerns the service only, and the outcome of the other
	 * lease is that of the call.
	 * @param allowed the targets that may be used
	 * @param preferred the targets to prefer, usually those that were not tried yet
	 * @return another lease; {@code null} if no permit is free, or if the budget is
	 * exhausted
	 * @throws IllegalStateException if this lease ended before the call
	 */
	@Nullable Lease<Q, R> tryOther(Predicate<? super Target> allowed, Predicate<? super Target> preferred);

	/**
	 * Acquire a lease of another service without waiting, so that the request can be sent
	 * a second time while the first attempt is in progress. The request must be safe to
	 * repeat, and the pool allows only as many attempts as its {@linkplain Retry.Budget
	 * budget} contains.
	 * <p>
	 * A service that has responded since this lease began is preferred to one that has
	 * not, and then a service of another target to one of the same target. The service of
	 * this lease is not used, because it may be the reason for the delay.
	 * <p>
	 * Both leases must be ended as usual. Only one of them has the outcome of the call;
	 * call {@link #markRepeated()} on the other one.
	 * @return another lease; {@code null} if no permit is free, if the budget is
	 * exhausted, or if this lease has ended
	 */
	@Nullable Lease<Q, R> tryHedge();

	/**
	 * Record that another lease has the outcome of the call. The outcome of this lease
	 * then concerns the service only. If this lease has no outcome because a
	 * {@linkplain #tryHedge() hedge} has responded earlier, the load metric measures the
	 * time until the end of this lease as its latency. Call this method before the end of
	 * the lease.
	 */
	void markRepeated();

	/**
	 * End the lease without an outcome, unless it has ended already. Affects neither the
	 * load score of the service nor outlier detection.
	 */
	@Override
	void close();

}
