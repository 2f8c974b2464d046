package dev.servicepool;

import java.util.Map;
import java.util.function.Function;

/**
 * Something that is costly to make and answers requests: a connection, a session, a
 * licence, a model process. A lambda is enough.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the responses
 */
@FunctionalInterface
public interface Service<Q, R> {

	/**
	 * Answer one request. Up to the pool's {@code maxConcurrency} calls run at once, each
	 * on its caller's thread.
	 * @param request what is asked
	 * @return the answer
	 * @throws Exception if there is none; it reaches the caller unchanged
	 */
	R call(Q request) throws Exception;

	/**
	 * Say whether one more request can be taken. The pool asks before each call, never
	 * twice at the same time, and not again after {@link Readiness#PENDING} until
	 * {@code wakeUp} has run; a wake-up during the poll causes one more. The answer is a
	 * state, not a reservation: a caller may give up between the answer and the call.
	 * <p>
	 * Must not block. The default needs no polls: such a service is ready whenever it is
	 * below the pool's {@code maxConcurrency}.
	 * @param wakeUp to run when a pending service may have become ready; may be run at
	 * any time, repeatedly and from any thread
	 * @return whether a request can be taken
	 * @throws Exception if the service has failed for good: it is dropped from the pool
	 * and closed
	 */
	default Readiness pollReady(Runnable wakeUp) throws Exception {
		return Readiness.ALWAYS;
	}

	/**
	 * The load that this service reports of itself, compared with the loads of the other
	 * services of the pool in place of the pool's load metric. It is read on the way of
	 * every request, so it must be cheap and must not block.
	 * @return the load, at least 0, in a unit that all services of the pool share; NaN,
	 * the default, if the pool's metric is to be used
	 */
	default double load() {
		return Double.NaN;
	}

	/**
	 * Say what is worth knowing of this service, such as the protocol that it speaks: it
	 * is shown in snapshots. Must not block, and must not give away secrets.
	 * @return names and values, none by default
	 */
	default Map<String, String> details() {
		return Map.of();
	}

	/**
	 * Release what the service holds. Called once, when its last request has ended.
	 * @throws Exception if that fails; it is logged, and the service counts as closed
	 */
	default void close() throws Exception {
	}

	/**
	 * Return a service that answers with the given function, and closes it if it is
	 * {@link AutoCloseable}.
	 * @param <Q> the type of the requests
	 * @param <R> the type of the responses
	 * @param function the function
	 * @return a service over the function
	 */
	static <Q, R> Service<Q, R> of(Function<? super Q, ? extends R> function) {
		return new FunctionService<>(function);
	}

}
