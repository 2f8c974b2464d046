package dev.servicepool.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import dev.servicepool.Target;
import dev.servicepool.internal.util.PoolLogger;

/**
 * Detects servers that end each connection after about the same number of requests. It
 * logs this number once per target, with the setting that replaces each service before
 * its connection ends, and changes nothing. Only services whose requests share one
 * connection reveal the number. Guarded by the lock.
 */
final class KeepAliveHint<Q, R> {

	private static final Logger logger = PoolLogger.get();

	/** The number of connections in a row that must have ended alike. */
	private static final int CONNECTIONS = 3;

	/**
	 * The maximum deviation between their numbers of requests. The pool also counts the
	 * requests that were in flight when the connection ended, such as 20 of 400. Three
	 * connections that end at random times deviate more in 1,999 of 2,000 cases.
	 */
	private static final double TOLERANCE = 0.05;

	/**
	 * The minimum number of requests, because the tolerance must be at least one request.
	 */
	private static final int MIN_REQUESTS = 20;

	private final String pool;

	private final EventRecorder<Q, R> recorder;

	/** The numbers of requests of the last connections of each target. */
	private final Map<Target, Deque<Long>> requests = new HashMap<>();

	private final Set<Target> reported = new HashSet<>();

	KeepAliveHint(String pool, EventRecorder<Q, R> recorder) {
		this.pool = pool;
		this.recorder = recorder;
	}

	/**
	 * Handle the end of the only connection of a service.
	 * @param requests the number of requests since its previous connection ended
	 */
	void connectionEnded(Target target, long requests) {
		if (requests < MIN_REQUESTS || this.reported.contains(target)) {
			return;
		}
		Deque<Long> last = this.requests.computeIfAbsent(target, (unknown) -> new ArrayDeque<>());
		last.addLast(requests);
		if (last.size() > CONNECTIONS) {
			last.removeFirst();
		}
		long least = Collections.min(last);
		if (last.size() == CONNECTIONS && Collections.max(last) <= (1 + TOLERANCE) * least) {
			this.requests.remove(target);
			this.reported.add(target);
			report(target, least);
		}
	}

	/**
	 * Propose half of the number, because a service receives further requests until its
	 * replacement is ready.
	 */
	private void report(Target target, long requests) {
		this.recorder.effect(new Effect.Report<>(() -> logger.log(Level.INFO,
				"Pool '" + this.pool + "': " + target.name() + " ended " + CONNECTIONS
						+ " connections in a row after about " + requests + " requests each. Set maxRequestsPerService"
						+ " to a lower number, such as " + requests / 2
						+ ", so that the pool replaces each service before its connection ends.")));
	}

	/** Forget the targets that do not meet a condition. */
	void retain(Predicate<Target> wanted) {
		this.requests.keySet().removeIf(wanted.negate());
		this.reported.removeIf(wanted.negate());
	}

}
