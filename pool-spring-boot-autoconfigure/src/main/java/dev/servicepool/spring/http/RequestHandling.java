package dev.servicepool.spring.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Handling of the requests of all HTTP pools: their policies and observations.
 */
public final class RequestHandling {

	/** Handling with the default policy and without observations. */
	public static final RequestHandling DEFAULT = new RequestHandling((pool) -> RequestPolicy.DEFAULT,
			WaitObservations.NONE, AttemptObservations.NONE);

	private final Function<String, RequestPolicy> resolver;

	/**
	 * Policies by the names of their pools. All requests of a pool have the same one,
	 * because it may contain the latencies of the pool. Used by any thread.
	 */
	private final Map<String, RequestPolicy> policies = new ConcurrentHashMap<>();

	private final WaitObservations waits;

	private final AttemptObservations attempts;

	/**
	 * Create the handling.
	 * @param policies returns the policy of a pool; called once for the name of each pool
	 * @param waits observes the waits of requests
	 * @param attempts observes the further attempts of requests
	 */
	public RequestHandling(Function<String, RequestPolicy> policies, WaitObservations waits,
			AttemptObservations attempts) {
		this.resolver = policies;
		this.waits = waits;
		this.attempts = attempts;
	}

	/**
	 * Look up what observes requests now. Otherwise, the first request would look it up,
	 * possibly while the application context is being closed.
	 */
	public void resolve() {
		this.waits.resolve();
		this.attempts.resolve();
	}

	RequestPolicy policy(String pool) {
		RequestPolicy policy = this.policies.get(pool);
		return (policy != null) ? policy : this.policies.computeIfAbsent(pool, this.resolver);
	}

	WaitObservations waits() {
		return this.waits;
	}

	AttemptObservations attempts() {
		return this.attempts;
	}

}
