package dev.servicepool.spring.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;

import dev.servicepool.Outcome;
import dev.servicepool.Retry;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.Assert;

/**
 * Rules of an HTTP pool for single requests: which of them are sent again, and how long
 * they may take. The {@linkplain Retry number} of further attempts is a setting of the
 * pool.
 *
 * @param failures the outcomes after which a request is sent again:
 * {@link Outcome#CONNECTION_LOST} and {@link Outcome#NO_RESPONSE}
 * @param statuses the response statuses after which a request is sent again, at least 400
 * @param methods the methods of the requests that are sent again
 * @param deadline the maximum duration of a request until its response begins;
 * {@code null} for no limit
 * @param deadlineHeader the name of the header that contains the remaining milliseconds
 * of the deadline; {@code null} for none
 * @param hedging sends requests a second time while the first attempt is in progress;
 * {@code null} for no second attempt
 */
public record RequestPolicy(Set<Outcome> failures, Set<Integer> statuses, Set<HttpMethod> methods,
		@Nullable Duration deadline, @Nullable String deadlineHeader, @Nullable Hedging hedging) {

	/**
	 * Request attribute of type {@link Duration}, which overrides the deadline of the
	 * pool.
	 */
	public static final String DEADLINE_ATTRIBUTE = "dev.servicepool.deadline";

	/**
	 * Request attribute of type {@link Boolean}, which states whether the request can be
	 * sent again, whatever its method is.
	 */
	public static final String RETRYABLE_ATTRIBUTE = "dev.servicepool.retryable";

	/** Header of a request that a server processes only once. */
	private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	/** Methods that change nothing on the server. */
	private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS,
			HttpMethod.TRACE, HttpMethod.valueOf("QUERY"));

	/** Policy that sends safe requests again after a lost connection. */
	public static final RequestPolicy DEFAULT = new RequestPolicy(Set.of(Outcome.CONNECTION_LOST), Set.of(), SAFE, null,
			null, null);

	/**
	 * Return the deadline of a request.
	 * @return the maximum duration, zero or negative if it is over; {@code null} for no
	 * limit
	 */
	@Nullable Duration deadlineOf(@Nullable Object attribute) {
		Assert.isTrue(attribute == null || attribute instanceof Duration,
				() -> "The request attribute '" + DEADLINE_ATTRIBUTE + "' must be a Duration but was " + attribute);
		return (attribute != null) ? (Duration) attribute : this.deadline;
	}

	/** Return whether a request is sent again after a response. */
	boolean repeatsAfter(ClientHttpResponse response) throws IOException {
		if (this.statuses.isEmpty()) {
			return false;
		}
		int status = response.getStatusCode().value();
		return status >= 400 && this.statuses.contains(status);
	}

	/**
	 * Return whether a request can be sent again although a server may have processed it.
	 */
	boolean admits(HttpCall call) {
		Object declared = call.attributes().get(RETRYABLE_ATTRIBUTE);
		Assert.isTrue(declared == null || declared instanceof Boolean,
				() -> "The request attribute '" + RETRYABLE_ATTRIBUTE + "' must be a Boolean but was " + declared);
		if (declared != null) {
			return (Boolean) declared;
		}
		return this.methods.contains(call.method()) || call.headers().containsHeader(IDEMPOTENCY_KEY);
	}

}
