package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.servicepool.Pool;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.RoutingClientHttpRequestFactory;
import dev.servicepool.spring.http.WaitObservations;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Adds a {@link RoutingClientHttpRequestFactory} to the request factories of another
 * builder. Requests to the address of a pool are sent through the pool, and all others
 * through the original request factory.
 *
 * @param <T> the type that the other builder builds; its customizers receive this type
 */
final class RoutingRequestFactoryBuilder<T extends ClientHttpRequestFactory>
		implements ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> {

	private final ClientHttpRequestFactoryBuilder<T> delegate;

	private final Function<URI, ? extends @Nullable Pool<HttpCall, ClientHttpResponse>> pools;

	private final WaitObservations waits;

	RoutingRequestFactoryBuilder(ClientHttpRequestFactoryBuilder<T> delegate,
			Function<URI, ? extends @Nullable Pool<HttpCall, ClientHttpResponse>> pools, WaitObservations waits) {
		this.delegate = delegate;
		this.pools = pools;
		this.waits = waits;
	}

	/**
	 * Return the builder of clients that do not use pools.
	 */
	static ClientHttpRequestFactoryBuilder<?> unwrap(ClientHttpRequestFactoryBuilder<?> builder) {
		return (builder instanceof RoutingRequestFactoryBuilder<?> routing) ? routing.delegate : builder;
	}

	@Override
	public ClientHttpRequestFactory build(@Nullable HttpClientSettings settings) {
		return new RoutingClientHttpRequestFactory(this.delegate.build(settings), this.pools, this.waits);
	}

	@Override
	public ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> withCustomizer(
			Consumer<ClientHttpRequestFactory> customizer) {
		return withCustomizers(List.of(customizer));
	}

	@Override
	public ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> withCustomizers(
			Collection<Consumer<ClientHttpRequestFactory>> customizers) {
		Consumer<T> all = (factory) -> customizers.forEach((customizer) -> customizer.accept(factory));
		return new RoutingRequestFactoryBuilder<>(this.delegate.withCustomizer(all), this.pools, this.waits);
	}

}
