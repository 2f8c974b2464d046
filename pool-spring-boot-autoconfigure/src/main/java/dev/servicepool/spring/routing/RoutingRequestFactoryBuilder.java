package dev.servicepool.spring.routing;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

import dev.servicepool.spring.http.RoutingClientHttpRequestFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.ClientHttpRequestFactory;

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

	private final ClientRouting routing;

	/** Whether the application customizes the clients of this builder only. */
	private final boolean customized;

	RoutingRequestFactoryBuilder(ClientHttpRequestFactoryBuilder<T> delegate, ClientRouting routing) {
		this(delegate, routing, false);
	}

	private RoutingRequestFactoryBuilder(ClientHttpRequestFactoryBuilder<T> delegate, ClientRouting routing,
			boolean customized) {
		this.delegate = delegate;
		this.routing = routing;
		this.customized = customized;
	}

	/** Return the builder of clients that do not use pools. */
	ClientHttpRequestFactoryBuilder<T> withoutPools() {
		return this.delegate;
	}

	@Override
	public ClientHttpRequestFactory build(@Nullable HttpClientSettings settings) {
		return this.routing.apply(this.delegate.build(settings),
				(settings != null) ? settings : HttpClientSettings.defaults(), this.customized);
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
		return new RoutingRequestFactoryBuilder<>(this.delegate.withCustomizer(all), this.routing, true);
	}

}
