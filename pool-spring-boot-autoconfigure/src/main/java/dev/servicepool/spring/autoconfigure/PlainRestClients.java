package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.servicepool.spring.http.Origin;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;

/**
 * {@link RestClientPools} for clients that do not use pools.
 */
final class PlainRestClients implements RestClientPools {

	private final Function<String, @Nullable URI> addresses;

	/**
	 * Create an instance.
	 * @param addresses returns the address of a pool's requests by the name of the pool,
	 * or {@code null} if requests keep their own address
	 */
	PlainRestClients(Function<String, @Nullable URI> addresses) {
		this.addresses = addresses;
	}

	@Override
	public Consumer<RestClient.Builder> fromPool(String name) {
		ClientHttpRequestInterceptor interceptor = interceptor(name);
		return (builder) -> builder.requestInterceptor(interceptor);
	}

	@Override
	public ClientHttpRequestInterceptor interceptor(String name) {
		URI url = this.addresses.apply(name);
		if (url == null) {
			return (request, body, execution) -> execution.execute(request, body);
		}
		Origin origin = Origin.of(url);
		return (request, body, execution) -> execution.execute(origin.move(request), body);
	}

}
