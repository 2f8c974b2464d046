package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.servicepool.Pool;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.PooledClientHttpRequestInterceptor;
import dev.servicepool.spring.http.RequestHandling;
import dev.servicepool.spring.http.RoutingClientHttpRequestFactory;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.client.RestClient;

/**
 * {@link RestClientPools} that uses the pools of a registry.
 */
final class PooledRestClients implements RestClientPools {

	private final PoolRegistry registry;

	private final PoolProperties properties;

	/** Clients for disabled pools. */
	private final PlainRestClients plain;

	private final SingletonSupplier<ClientHttpRequestFactory> unleased;

	private final RequestHandling handling;

	/**
	 * Create an instance.
	 * @param registry the registry of the pools
	 * @param properties the properties, which disable single pools
	 * @param unleased supplies the client for requests without a lease; called by the
	 * first of these requests, because most applications send none
	 * @param handling the handling of requests
	 */
	PooledRestClients(PoolRegistry registry, PoolProperties properties, Supplier<ClientHttpRequestFactory> unleased,
			RequestHandling handling) {
		this.registry = registry;
		this.properties = properties;
		this.plain = new PlainRestClients((name) -> properties.pool(name)
			.addresses()
			.urlWithoutPool(new HttpPoolKind(), registry.hasFactory(name)));
		this.unleased = SingletonSupplier.of(unleased);
		this.handling = handling;
	}

	@Override
	public Consumer<RestClient.Builder> fromPool(String name) {
		if (isDisabled(name)) {
			return this.plain.fromPool(name);
		}
		ClientHttpRequestInterceptor interceptor = interceptor(name);
		ClientHttpRequestFactory requestFactory = new RoutingClientHttpRequestFactory(
				(uri, method) -> this.unleased.obtain().createRequest(uri, method));
		return (builder) -> builder.requestInterceptor(interceptor).requestFactory(requestFactory);
	}

	@Override
	public ClientHttpRequestInterceptor interceptor(String name) {
		if (isDisabled(name)) {
			return this.plain.interceptor(name);
		}
		String bean = this.registry.likelyBeanOf(name);
		URI address = null;
		if (bean != null) {
			HttpPoolKind.requireHttp(name, this.registry.type(bean));
			address = this.properties.pool(name).addresses().url(new HttpPoolKind());
		}
		return new PooledClientHttpRequestInterceptor(SingletonSupplier.of(() -> pool(name))::obtain, address,
				this.handling);
	}

	private boolean isDisabled(String name) {
		return !this.properties.pool(name).routed();
	}

	private Pool<HttpCall, ClientHttpResponse> pool(String name) {
		String bean = this.registry.bean(name);
		HttpPoolKind.requireHttp(name, this.registry.type(bean));
		return HttpPoolKind.pool(this.registry, bean);
	}

}
