package dev.servicepool.spring;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import dev.servicepool.spring.http.RequestPolicy;

import org.springframework.web.client.RestClient;

/**
 * Attributes of single requests to HTTP pools: <pre class="code">
 * restClient.post()
 *     .uri("/orders")
 *     .attributes(PoolRequestAttributes.retryable())
 *     .attributes(PoolRequestAttributes.deadline(Duration.ofMillis(500)))
 *     .body(order)
 *     .retrieve()
 *     .toBodilessEntity();
 * </pre> In an HTTP service interface, use the names of the attributes with
 * {@code @RequestAttribute}. Requests that do not use a pool ignore these attributes.
 */
public final class PoolRequestAttributes {

	/**
	 * Name of the attribute for {@link #deadline}, whose value is a {@link Duration}.
	 */
	public static final String DEADLINE = RequestPolicy.DEADLINE_ATTRIBUTE;

	/**
	 * Name of the attribute for {@link #retryable}, whose value is a {@link Boolean}. The
	 * value {@code false} means that the pool never repeats the request if a server may
	 * have processed it.
	 */
	public static final String RETRYABLE = RequestPolicy.RETRYABLE_ATTRIBUTE;

	private PoolRequestAttributes() {
	}

	/**
	 * Return a function that declares that a request can be sent again, whatever its
	 * method is. The server must process such a request only once, or processing it twice
	 * must have the same effect.
	 * @return the function, for {@link RestClient.RequestHeadersSpec#attributes}
	 */
	public static Consumer<Map<String, Object>> retryable() {
		return (attributes) -> attributes.put(RETRYABLE, true);
	}

	/**
	 * Return a function that limits the duration of a request until its response begins.
	 * The limit includes the wait for a service and all attempts, and overrides the
	 * property {@code deadline} of the pool.
	 * @param deadline the maximum duration; a request whose deadline is zero or negative
	 * fails immediately
	 * @return the function, for {@link RestClient.RequestHeadersSpec#attributes}
	 */
	public static Consumer<Map<String, Object>> deadline(Duration deadline) {
		Objects.requireNonNull(deadline, "deadline");
		return (attributes) -> attributes.put(DEADLINE, deadline);
	}

}
