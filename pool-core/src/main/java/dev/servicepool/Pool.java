package dev.servicepool;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Load-balanced pool of {@linkplain Service services} that scales up under load and
 * scales down when services are no longer needed.
 * <p>
 * A <em>service</em> is a resource that is costly to create and that accepts a limited
 * number of concurrent requests. Examples are a connection, a session and a model
 * process. A {@link ServiceFactory} creates the services. Each service belongs to one of
 * the pool's <em>{@linkplain Target targets}</em>, such as one of several servers.
 * <p>
 * Each service has a number of <em>permits</em>, one for each request that it accepts
 * concurrently. A <em>{@linkplain Lease lease}</em> is the right to send one request to
 * one service. It uses one permit of that service until the lease ends. A service is
 * <em>ready</em> while it accepts one more request. The pool picks two ready services at
 * random and uses the one with the lower load score (<em>power of two choices</em>). If
 * no service is ready, the caller waits. The pool serves waiting callers in the order in
 * which they arrive.
 *
 * <h2>Usage</h2>
 *
 * Create one pool per kind of service and close it when the application stops. For most
 * requests, use {@link #call}, which acquires a lease, sends the request, and ends the
 * lease. Use {@link #acquire()} to decide when the lease ends and with which outcome:
 *
 * <pre class="code">
 * ServiceFactory&lt;String, String&gt; factory = (target) -&gt; {
 *     ModelProcess process = new ModelProcess();
 *     return Service.of(process::ask, process::close);
 * };
 * Pool&lt;String, String&gt; pool = Pool.builder().name("model").maxConcurrency(2).maxServices(3).build(factory);
 *
 * String response = pool.call("first prompt");
 *
 * Lease&lt;String, String&gt; lease = pool.acquire();
 * try {
 *     response = lease.service().call("second prompt");
 *     lease.succeed();
 * }
 * catch (Throwable ex) {
 *     lease.fail(ex);
 *     throw ex;
 * }
 *
 * pool.close();
 * </pre>
 *
 * If no service is available, both methods throw a {@link PoolException} whose message
 * gives the reason. Exceptions thrown by a service are propagated unchanged.
 *
 * <h2>Size</h2>
 *
 * Each time a caller requests a service, the pool records a sample: 0 if a service is
 * ready, and 1 if no service is ready. The <em>load estimate</em> is the moving average
 * of these samples. If the estimate is high, the pool creates as many services as the
 * callers need, or one ({@link ScaleUp}). If the estimate is low, the pool removes one
 * service, provided that the other services can carry the recent peak demand.
 * {@link PoolBuilder} describes the settings.
 *
 * <h2>Limits</h2>
 *
 * <ul>
 * <li>Do not pool resources that are cheap to create: create one for each request. Do not
 * pool resources that accept unlimited concurrent requests: one of them is enough.</li>
 * <li>Always end a lease. Until its end, the permit is not available to other callers.
 * {@link PoolBuilder#leakDetectionThreshold} reports leases that do not end.</li>
 * <li>If you pass a lease to another thread, ensure that this thread ends it.</li>
 * <li>Do not acquire a second lease of the same pool while the first one is active.
 * Otherwise, the first leases of several callers can together use all permits. Each of
 * these callers then waits for a second lease until the wait times out.</li>
 * <li>Do not block in a {@link PoolListener} or {@link TimingListener}, because listeners
 * may run on the threads of callers.</li>
 * </ul>
 *
 * <h2>Threads</h2>
 *
 * Any number of threads may use a pool concurrently. A request runs on its caller's
 * thread. Services are created and closed on the {@linkplain PoolBuilder#executor pool's
 * executor}. The pool never calls a service, a factory or a listener under its lock.
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
	 * Return the current settings of the pool.
	 * @return the settings
	 */
	PoolSettings settings();

	/**
	 * Start to create {@code minServices} services in the background. If this method is
	 * not called, the pool creates these services at its first request.
	 */
	void start();

	/**
	 * Send one request to one service and return the response. If no service is ready,
	 * wait up to the pool's {@code acquireTimeout}.
	 * @param request the request
	 * @return the response
	 * @throws InterruptedException if the thread is interrupted while it waits for a
	 * service
	 * @throws PoolException if no service is available, see {@link #acquire()}
	 * @throws Exception the exception that the service throws, unchanged
	 */
	R call(Q request) throws Exception;

	/**
	 * Acquire a lease. If no service is ready, wait up to the pool's
	 * {@code acquireTimeout}.
	 * @return a lease, which the caller must end
	 * @throws InterruptedException if the thread is interrupted before or while it waits;
	 * an interrupted thread acquires a lease that is available without waiting
	 * @throws AcquireTimeoutException if the wait times out
	 * @throws PoolOverloadedException if {@code maxWaiting} callers are waiting already,
	 * or the pool remains overloaded
	 * @throws NoServiceException if the pool has no service and the last attempt to
	 * create one failed
	 * @throws PoolClosedException if the pool is closed
	 */
	Lease<Q, R> acquire() throws InterruptedException;

	/**
	 * Acquire a lease. If no service is ready, wait up to the given timeout.
	 * @param timeout the maximum time to wait; with zero or a negative duration, the
	 * caller does not wait
	 * @return a lease, which the caller must end
	 * @throws InterruptedException if the thread is interrupted before or while it waits;
	 * an interrupted thread acquires a lease that is available without waiting
	 * @throws AcquireTimeoutException if the wait times out
	 * @throws PoolOverloadedException if {@code maxWaiting} callers are waiting already,
	 * or the pool remains overloaded
	 * @throws NoServiceException if the pool has no service and the last attempt to
	 * create one failed
	 * @throws PoolClosedException if the pool is closed
	 */
	Lease<Q, R> acquire(Duration timeout) throws InterruptedException;

	/**
	 * Acquire a lease without waiting.
	 * @return a lease, which the caller must end, or {@code null} if no service is ready
	 * @throws PoolClosedException if the pool is closed
	 */
	@Nullable Lease<Q, R> tryAcquire();

	/**
	 * Acquire a lease of a service of certain targets without waiting. Use this method
	 * for a request that only these targets can serve. If none of their services is
	 * ready, the load estimate does not change. The method takes time in proportion to
	 * the number of services.
	 * @param wanted the predicate that selects the targets
	 * @return a lease, which the caller must end, or {@code null} if no service of these
	 * targets is ready
	 * @throws PoolClosedException if the pool is closed
	 */
	@Nullable Lease<Q, R> tryAcquire(Predicate<? super Target> wanted);

	/**
	 * Replace the targets of the pool. The pool retires the services of targets that are
	 * removed, and creates a service for each new target that it prefers. If all
	 * {@code maxServices} slots are in use, the pool first retires a service of a target
	 * that has at least two services. Has no effect if the pool is closed.
	 * @param targets the targets in any order, at least one
	 * @throws InvalidSettingException if the list is empty, or if two targets have the
	 * same name
	 */
	void retarget(List<Target> targets);

	/**
	 * Replace the services that exist now, because new services differ from them. The
	 * pool replaces at most the share {@link PoolBuilder#replaceRatio} concurrently. It
	 * creates the successor of a service first, as for {@code maxLifetime}, and lets the
	 * requests of the service end. If creations fail, the pool keeps the old services and
	 * tries again. Has no effect if the pool is closed.
	 * @param cause the cause, for the events
	 */
	void replaceServices(String cause);

	/**
	 * Replace the services that exist now, as {@link #replaceServices} does, unless a
	 * replacement of all services is in progress.
	 * @param cause the cause, for the events
	 * @return whether the replacement has begun
	 */
	boolean tryReplaceServices(String cause);

	/**
	 * Record an event because new services could not work, so that the pool keeps its
	 * services. Has no other effect.
	 * @param cause the cause, for the event
	 * @param failure the reason why new services could not work
	 */
	void skipReplacement(String cause, Throwable failure);

	/**
	 * Change the bounds of the pool until the application restarts. If there are more
	 * services than the new {@code maxServices}, the pool retires services immediately,
	 * and lets their requests end. Has no effect if the pool is closed.
	 * @param bounds the bounds to change
	 * @param cause the cause, for the event
	 * @throws InvalidSettingException if a value is invalid, or if {@code maxServices} is
	 * lower than the number of targets
	 */
	void changeBounds(PoolBounds bounds, String cause);

	/**
	 * Drain a target. After this method has returned, no lease of a service for that
	 * target is acquired. Active leases end normally. The target remains drained until
	 * {@link #undrainTarget}, even if {@link #retarget} removes it and adds it again. Has
	 * no effect if the target is drained, or if the pool is closed.
	 * @param target the name of the target
	 * @param cause the cause, for the event
	 * @throws InvalidSettingException if there is no such target, or no other one that is
	 * not drained
	 */
	void drainTarget(String target, String cause);

	/**
	 * End the drain of a target. Has no effect if the target is not drained, or if the
	 * pool is closed.
	 * @param target the name of the target
	 * @param cause the cause, for the event
	 * @throws InvalidSettingException if there is no such target
	 */
	void undrainTarget(String target, String cause);

	/**
	 * Forget what the pool has learned about its servers: end all ejections and pauses,
	 * and forget learned concurrency limits, failures and backoffs. Changes of bounds,
	 * drained targets and the counts of the snapshot remain. Has no effect if the pool is
	 * closed.
	 * @param cause the cause, for the event
	 */
	void reset(String cause);

	/**
	 * Return the current state of the pool.
	 * @return the state
	 */
	PoolSnapshot snapshot();

	/**
	 * Retire all services and wait until they are closed. The pool remains usable,
	 * because the next request creates new services.
	 * @param timeout the maximum time to wait; services that are still in use afterward
	 * continue to drain
	 * @return whether all services closed within the timeout
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	boolean drain(Duration timeout) throws InterruptedException;

	/**
	 * Close the pool. Rejects all waiting callers, retires all services, and waits up to
	 * the pool's {@code closeTimeout} until requests in flight have ended. After the
	 * timeout, or if the thread is interrupted, closes the remaining services although
	 * requests are in flight. Closing a pool again has no effect.
	 */
	@Override
	void close();

	/**
	 * Create a pool with default settings for one target. The pool has the name of the
	 * target.
	 * @param <Q> the type of the requests
	 * @param <R> the type of the responses
	 * @param factory the factory that creates the services
	 * @param target the target of the services
	 * @return a new pool
	 */
	static <Q, R> Pool<Q, R> of(ServiceFactory<Q, R> factory, Target target) {
		return builder().name(target.name()).targets(target).build(factory);
	}

	/**
	 * Create a builder with default settings.
	 * @return a new builder
	 */
	static PoolBuilder builder() {
		return new PoolBuilder();
	}

}
