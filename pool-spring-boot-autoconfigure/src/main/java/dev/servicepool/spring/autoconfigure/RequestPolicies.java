package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.servicepool.spring.http.RequestPolicy;
import dev.servicepool.spring.options.PoolOptions;
import dev.servicepool.spring.options.RetryFailure;
import dev.servicepool.spring.options.RetryMethod;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

/**
 * Creates the request policies of pools from their properties.
 */
final class RequestPolicies {

	/** Name of a header field (RFC 9110, section 5.6.2). */
	private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private RequestPolicies() {
	}

	/**
	 * Return the policy of a pool.
	 * @param configuration the configuration of the pool
	 * @throws PoolConfigurationException if a property has an invalid value
	 */
	static RequestPolicy of(PoolConfiguration configuration) {
		PoolKeys keys = configuration.keys();
		Layers<PoolOptions> options = new Layers<>(configuration.options());
		Set<RetryFailure> failures = options.topmost((layer) -> layer.getRetry().getFailures());
		Set<Integer> statuses = options.topmost((layer) -> layer.getRetry().getStatuses());
		Set<RetryMethod> methods = options.topmost((layer) -> layer.getRetry().getMethods());
		return new RequestPolicy(
				(failures != null) ? failures.stream().map(RetryFailure::outcome).collect(Collectors.toSet())
						: RequestPolicy.DEFAULT.failures(),
				(statuses != null) ? Set.copyOf(keys.requireStatuses("retry.statuses", statuses, 400)) : Set.of(),
				(methods != null) ? methods.stream()
					.map((method) -> HttpMethod.valueOf(method.name()))
					.collect(Collectors.toSet()) : RequestPolicy.DEFAULT.methods(),
				deadline(keys, options.topmost(PoolOptions::getDeadline)),
				header(keys, options.topmost(PoolOptions::getDeadlineHeader)), HedgePolicies.of(configuration));
	}

	private static @Nullable Duration deadline(PoolKeys keys, @Nullable Duration deadline) {
		if (deadline != null && deadline.isNegative()) {
			throw keys.invalid("deadline", "is " + deadline, "it must not be negative", null);
		}
		return (deadline != null && deadline.isZero()) ? null : deadline;
	}

	private static @Nullable String header(PoolKeys keys, @Nullable String header) {
		if (header != null && !header.isEmpty() && !HEADER.matcher(header).matches()) {
			throw keys.invalid("deadlineHeader", "is '" + header + "'", "it must be the name of a header field", null);
		}
		return (header != null && header.isEmpty()) ? null : header;
	}

}
