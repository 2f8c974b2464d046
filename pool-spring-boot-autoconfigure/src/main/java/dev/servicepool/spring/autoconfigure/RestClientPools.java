package dev.servicepool.spring.autoconfigure;

import java.util.function.Consumer;

import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;

/**
 * Makes a {@link RestClient} send its requests over a pool: <pre class="code">
 * &#064;Bean
 * Quotes quotes(RestClient.Builder builder, RestClientPools pools) {
 *     return new Quotes(builder.apply(pools.fromPool("quotes")).build());
 * }
 * </pre> A pool is looked up at the first request, so a client can be built before it. If
 * {@code pool.enabled} is {@code false} the clients are plain ones, whose requests go to
 * the first of the pool's targets if it has any.
 */
public interface RestClientPools {

	/**
	 * Return what sets a builder up for a pool: it adds the {@link #interceptor} and
	 * replaces the request factory by one that sends each request by its leased service.
	 * Interceptors that are added later run for each attempt, with the address of the
	 * leased service.
	 * @param name the name of the pool, regardless of case and dashes
	 * @return for {@link RestClient.Builder#apply}
	 * @throws PoolConfigurationException if there is no such pool or it does not take
	 * HTTP requests; if that cannot be told yet, the first request throws it
	 */
	Consumer<RestClient.Builder> fromPool(String name);

	/**
	 * Return an interceptor that takes a lease of a pool for each request. For clients
	 * that have a {@code RoutingClientHttpRequestFactory} already; without one the pool
	 * chooses the target, but its services' clients are not used.
	 * @param name the name of the pool, regardless of case and dashes
	 * @return the interceptor
	 * @throws PoolConfigurationException if there is no such pool or it does not take
	 * HTTP requests; if that cannot be told yet, the first request throws it
	 */
	ClientHttpRequestInterceptor interceptor(String name);

}
