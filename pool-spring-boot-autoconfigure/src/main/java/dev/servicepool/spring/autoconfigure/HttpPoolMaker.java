package dev.servicepool.spring.autoconfigure;

import dev.servicepool.Pool;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.HttpService;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.core.io.ResourceLoader;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Makes the pools of {@code pool.instances.NAME} that have targets but no
 * {@link ServiceFactory} bean. Each service is an HTTP client of its own with connections
 * of its own, built as Boot builds clients: the same library, customizers and settings.
 */
final class HttpPoolMaker {

	static final String BEAN_NAME = "httpPoolMaker";

	private final PoolMaker maker;

	private final ResourceLoader resourceLoader;

	private final ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builder;

	private final ObjectProvider<HttpClientSettings> settings;

	HttpPoolMaker(PoolMaker maker, ResourceLoader resourceLoader,
			ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builder, ObjectProvider<HttpClientSettings> settings) {
		this.maker = maker;
		this.resourceLoader = resourceLoader;
		this.builder = builder;
		this.settings = settings;
	}

	/**
	 * Make a pool. Called by the container for each pool bean.
	 * @param name the name of the pool
	 */
	Pool<?, ?> make(String name) {
		ClientHttpRequestFactoryBuilder<?> builder = RoutingRequestFactoryBuilder.unwrap(this.builder
			.getIfAvailable(() -> ClientHttpRequestFactoryBuilder.detect(this.resourceLoader.getClassLoader())));
		HttpClientSettings settings = this.settings.getIfAvailable(HttpClientSettings::defaults);
		ServiceFactory<HttpCall, ClientHttpResponse> factory = (target) -> HttpService.of(target,
				builder.build(settings));
		return this.maker.make(name, new HttpPoolKind(), factory);
	}

}
