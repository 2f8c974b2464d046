package dev.servicepool.spring;

import java.util.function.Consumer;

import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;

/**
 * Configures a {@link RestClient} to send its requests through a pool: <pre class="code">
 * &#064;Bean
 * Quotes quotes(RestClient.Builder builder, RestClientPools pools) {
 *     return new Quotes(builder.apply(pools.fromPool("quotes")).build());
 * }
 * </pre> The pool is looked up at the first request, so that a client can be built before
 * its pool. If a pool is disabled, a {@code RestClient} that is configured for it sends
 * its requests without a pool: to {@code pool.instances.NAME.url} if that is one of the
 * targets, and otherwise to the first target.
 */
public interface RestClientPools {

	/**
	 * Return a function that configures a builder for a pool. The function adds the
	 * {@link #interceptor} and replaces the request factory with one that sends each
	 * request through its leased service. Interceptors that are added later see the
	 * address of the pool ({@code pool.instances.NAME.url} or its only target). If the
	 * pool has no address, they see the address of the leased service.
	 * @param name the name of the pool, ignoring case and dashes
	 * @return the function, for {@link RestClient.Builder#apply}
	 * @throws dev.servicepool.spring.autoconfigure.PoolConfigurationException if no pool
	 * has that name, or if the pool does not accept HTTP requests; if this cannot be
	 * detected earlier, the first request throws the exception
	 */
	Consumer<RestClient.Builder> fromPool(String name);

	/**
	 * Return an interceptor that acquires a lease for each request. Use the interceptor
	 * for clients that already have a {@code RoutingClientHttpRequestFactory}. Without
	 * that factory, the client itself sends the request: to the address of the pool or,
	 * if it has none, to the selected target.
	 * @param name the name of the pool, ignoring case and dashes
	 * @return the interceptor
	 * @throws dev.servicepool.spring.autoconfigure.PoolConfigurationException if no pool
	 * has that name, or if the pool does not accept HTTP requests; if this cannot be
	 * detected earlier, the first request throws the exception
	 */
	ClientHttpRequestInterceptor interceptor(String name);

}
