package dev.servicepool.spring.autoconfigure;

import java.util.Set;
import java.util.function.Predicate;

import dev.servicepool.spring.http.FailedResponseException;

/**
 * Predicate for failures that count against a service. A failure without a response
 * always counts. A response counts if its status code is one of the configured ones.
 *
 * @param statuses the status codes that count
 */
record FailureStatuses(Set<Integer> statuses) implements Predicate<Throwable> {

	/** Status codes of a broken server, and of a gateway whose server fails. */
	private static final FailureStatuses DEFAULT = new FailureStatuses(Set.of(500, 502, 503, 504));

	/**
	 * Return the predicate for the configured status codes.
	 * @throws PoolConfigurationException if a status code is not from 400 to 599
	 */
	static FailureStatuses of(PoolConfiguration configuration) {
		Set<Integer> statuses = configuration.failureStatuses();
		return (statuses == null) ? DEFAULT : new FailureStatuses(
				Set.copyOf(configuration.keys().requireStatuses("failureStatuses", statuses, 400)));
	}

	@Override
	public boolean test(Throwable failure) {
		return !(failure instanceof FailedResponseException response) || this.statuses.contains(response.status());
	}

}
