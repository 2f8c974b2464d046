package dev.servicepool.spring.autoconfigure;

import java.util.Set;
import java.util.function.Predicate;

import dev.servicepool.spring.http.FailedResponseException;

/**
 * The answers that are the fault of a service, by their status codes. What fails without
 * an answer always is.
 *
 * @param statuses the status codes
 */
record FailureStatuses(Set<Integer> statuses) implements Predicate<Throwable> {

	/** What a gateway answers for a server, and what a server answers that is broken. */
	private static final FailureStatuses DEFAULT = new FailureStatuses(Set.of(500, 502, 503, 504));

	/**
	 * Read the status codes.
	 * @throws PoolConfigurationException if one of them is not that of a server's error
	 */
	static FailureStatuses of(LayeredOptions options) {
		Set<Integer> statuses = options.instance(PoolProperties.Instance::getFailureStatuses);
		if (statuses == null) {
			return DEFAULT;
		}
		for (int status : statuses) {
			if (status < 500 || status > 599) {
				throw options.invalid("failureStatuses", "contains " + status, "each must be from 500 to 599", null);
			}
		}
		return new FailureStatuses(Set.copyOf(statuses));
	}

	@Override
	public boolean test(Throwable failure) {
		return !(failure instanceof FailedResponseException response) || this.statuses.contains(response.status());
	}

}
