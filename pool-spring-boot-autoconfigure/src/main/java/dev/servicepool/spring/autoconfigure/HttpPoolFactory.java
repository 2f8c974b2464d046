package dev.servicepool.spring.autoconfigure;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.servicepool.Pool;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.HttpClientServiceFactory;
import dev.servicepool.spring.http.HttpClientService;
import dev.servicepool.spring.http.client.ClientAdapter;
import dev.servicepool.spring.http.client.ServiceClientOptions;
import dev.servicepool.spring.http.client.ServiceClients;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.io.ResourceLoader;

/**
 * Creates the pools of {@code pool.instances.NAME} that have targets but no
 * {@link ServiceFactory} bean. Each service is a separate HTTP client with its own
 * connections. The clients are built as Boot builds clients, with the same library,
 * customizers, and settings. The properties of the pool override these settings.
 */
final class HttpPoolFactory {

	static final String BEAN_NAME = "httpServicePoolFactory";

	private final PoolFactory factory;

	private final PoolProperties properties;

	private final HttpPoolProperties clientProperties;

	private final ResourceLoader resourceLoader;

	private final ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builder;

	private final ObjectProvider<HttpClientSettings> settings;

	private final ObjectProvider<SslBundles> sslBundles;

	/** Clients by the names of their pools. Used by any thread. */
	private final Map<PoolName, PooledClient> clients = new ConcurrentHashMap<>();

	HttpPoolFactory(PoolFactory factory, PoolProperties properties, HttpPoolProperties clientProperties,
			ResourceLoader resourceLoader, ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builder,
			ObjectProvider<HttpClientSettings> settings, ObjectProvider<SslBundles> sslBundles) {
		this.factory = factory;
		this.properties = properties;
		this.clientProperties = clientProperties;
		this.resourceLoader = resourceLoader;
		this.builder = builder;
		this.settings = settings;
		this.sslBundles = sslBundles;
	}

	/**
	 * Create a pool. The container calls this method for each pool bean.
	 * @param name the name of the pool
	 */
	Pool<?, ?> create(String name) {
		HttpClientOptions options = new HttpClientOptions(name, this.clientProperties);
		HttpClientSettings settings = options.settings(this.settings.getIfAvailable(HttpClientSettings::defaults),
				this.sslBundles.getIfAvailable());
		ClientHttpRequestFactoryBuilder<?> builder = RoutingRequestFactoryBuilder.unwrap(this.builder
			.getIfAvailable(() -> ClientHttpRequestFactoryBuilder.detect(this.resourceLoader.getClassLoader())));
		ClientAdapter adapter = ClientAdapter.of(builder);
		options.check(adapter, builder);
		this.clients.put(PoolName.of(name), new PooledClient(settings, adapter.canReplaceReadTimeout()));
		ServiceClients clients = adapter.clients(builder,
				new ServiceClientOptions(name, settings, options.httpVersion(), options.connections()));
		PoolConfiguration configuration = this.properties.pool(name);
		Set<Integer> retryAfter = retryAfterStatuses(configuration);
		Set<Integer> failures = FailureStatuses.of(configuration).statuses();
		// Known as soon as the pool exists, because customizers of the pool can change
		// it.
		CompletableFuture<Integer> maxConcurrency = new CompletableFuture<>();
		HttpClientServiceFactory factory = (target) -> HttpClientService.of(target,
				clients.create(maxConcurrency.join()), retryAfter, failures);
		Pool<?, ?> pool = this.factory.build(name, new HttpPoolKind(), factory);
		maxConcurrency.complete(pool.settings().maxConcurrency());
		return pool;
	}

	/**
	 * Return the clients of a pool.
	 * @param pool the name of the pool
	 * @return the clients, or {@code null} if this factory has not created the pool
	 */
	@Nullable PooledClient client(String pool) {
		return this.clients.get(PoolName.of(pool));
	}

	private static Set<Integer> retryAfterStatuses(PoolConfiguration configuration) {
		Set<Integer> statuses = configuration.retryAfterStatuses();
		return (statuses == null) ? Set.of(503)
				: configuration.keys().requireStatuses("retryAfterStatuses", statuses, 400);
	}

}
