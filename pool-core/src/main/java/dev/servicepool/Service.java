package dev.servicepool;

import java.util.Map;
import java.util.Objects;

/**
 * Resource that is costly to create and that responds to requests, such as a connection,
 * a session, a license or a model process. A service can be a lambda expression, because
 * only {@link #call} is abstract.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the responses
 */
@FunctionalInterface
public interface Service<Q, R> {

	/**
	 * Respond to one request. Up to {@code maxConcurrency} calls run concurrently, each
	 * on the thread of its caller.
	 * @param request the request
	 * @return the response
	 * @throws Exception if the request fails; the pool propagates the exception unchanged
	 */
	R call(Q request) throws Exception;

	/**
	 * Return whether the service accepts one more request. The pool polls the service
	 * before each request, but never concurrently. After {@link Readiness#PENDING}, the
	 * pool polls again only when {@code wakeUp} has run. If {@code wakeUp} runs during a
	 * poll that returns {@code PENDING}, the pool polls once more.
	 * <p>
	 * This method must not block. A poll that returns {@link Readiness#READY} must not
	 * reserve capacity, because a caller of the pool may give up without sending a
	 * request. By default, this method returns {@link Readiness#ALWAYS}: the service is
	 * ready whenever it is below its concurrency limit, and the pool does not poll it
	 * again.
	 * @param wakeUp the callback to run when a pending service may have become ready; any
	 * thread may run it at any time, even repeatedly
	 * @return the readiness of the service
	 * @throws Exception if the service has failed permanently; the pool then evicts and
	 * closes the service
	 */
	default Readiness pollReady(Runnable wakeUp) throws Exception {
		return Readiness.ALWAYS;
	}

	/**
	 * Return the load score of this service. This value replaces the load score that the
	 * pool's load metric measures. The pool calls this method for each request, so it
	 * must be fast and must not block.
	 * @return the load score, at least 0, in a unit that all services of the pool share;
	 * NaN (the default) to use the pool's load metric
	 */
	default double load() {
		return Double.NaN;
	}

	/**
	 * Return whether all requests of this service share one connection, as over HTTP/2.
	 * Such a service is cold while it has no connection, see
	 * {@link PoolBuilder#coldAfter}, because concurrent requests would each open a
	 * connection. The pool calls this method for a new service, after the first response
	 * on a connection, and after a lost connection.
	 * @return whether there is only one connection, also if this is not known yet;
	 * {@code false} by default
	 */
	default boolean sharesConnection() {
		return false;
	}

	/**
	 * Return whether this service has a connection that its first requests can share.
	 * Such a service is not cold when it joins the pool. The pool calls this method once,
	 * before the service joins.
	 * @return whether there is a connection; {@code false} by default
	 */
	default boolean isConnected() {
		return false;
	}

	/**
	 * Return details of this service for snapshots, such as the protocol that it uses.
	 * This method must not block, and its result must not contain secrets.
	 * @return the names and values of the details, empty by default
	 */
	default Map<String, String> details() {
		return Map.of();
	}

	/**
	 * Release the resources of the service. The pool calls this method once, after the
	 * last request of the service has ended. If {@link Pool#close()} times out, the pool
	 * calls this method while requests are in flight.
	 * @throws Exception if closing fails; the pool logs the exception and regards the
	 * service as closed
	 */
	default void close() throws Exception {
	}

	/**
	 * Return a service that calls a function for each request and has nothing to close.
	 * @param <Q> the type of the requests
	 * @param <R> the type of the responses
	 * @param call the function, which may throw any exception
	 * @return the service
	 */
	static <Q, R> Service<Q, R> of(Service<Q, R> call) {
		return Objects.requireNonNull(call, "call");
	}

	/**
	 * Return a service that calls a function for each request and closes its resource:
	 * <pre class="code">Service.of(process::ask, process::close)</pre>
	 * @param <Q> the type of the requests
	 * @param <R> the type of the responses
	 * @param call the function, which may throw any exception
	 * @param close closes the resource; called once, after the last request has ended
	 * @return the service
	 */
	static <Q, R> Service<Q, R> of(Service<Q, R> call, AutoCloseable close) {
		Objects.requireNonNull(call, "call");
		Objects.requireNonNull(close, "close");
		return new Service<>() {

			@Override
			public R call(Q request) throws Exception {
				return call.call(request);
			}

			@Override
			public void close() throws Exception {
				close.close();
			}

		};
	}

}
