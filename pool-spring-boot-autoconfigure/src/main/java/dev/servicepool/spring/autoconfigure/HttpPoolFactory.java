package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.servicepool.Pool;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import dev.servicepool.spring.HttpClientServiceFactory;
import dev.servicepool.spring.http.HttpClientService;
import dev.servicepool.spring.http.client.ClientAdapter;
import dev.servicepool.spring.http.client.ServerLocation;
import dev.servicepool.spring.http.client.ServerNames;
import dev.servicepool.spring.http.client.ServiceClientOptions;
import dev.servicepool.spring.http.client.ServiceClients;
import dev.servicepool.spring.http.client.SslReload;
import dev.servicepool.spring.options.ServerName;
import dev.servicepool.spring.routing.PooledClient;
import dev.servicepool.spring.routing.RoutingRequestFactoryBuilderPostProcessor;
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
final class HttpPoolFactory implements CertificateExpiry {

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

	/** Settings of clients with an SSL bundle, by pool names. Used by any thread. */
	private final Map<PoolName, SslReload> secured = new ConcurrentHashMap<>();

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
		ClientHttpRequestFactoryBuilder<?> builder = RoutingRequestFactoryBuilderPostProcessor.unwrap(this.builder
			.getIfAvailable(() -> ClientHttpRequestFactoryBuilder.detect(this.resourceLoader.getClassLoader())));
		ClientAdapter adapter = ClientAdapter.of(builder);
		options.check(adapter, builder);
		this.clients.put(PoolName.of(name), new PooledClient(settings, adapter.canReplaceReadTimeout()));
		ServiceClientOptions clientOptions = new ServiceClientOptions(name, settings, options.httpVersion(),
				options.connections());
		ServiceClients clients = adapter.clients(builder, clientOptions);
		SslReload reload = new SslReload(name, settings);
		if (settings.sslBundle() != null) {
			this.secured.put(PoolName.of(name), reload);
		}
		PoolConfiguration configuration = this.properties.pool(name);
		HedgePolicies.checkClient(configuration, adapter);
		ServerNames names = names(configuration.addresses(),
				(url) -> adapter.obstacleToNames(builder, clientOptions, url));
		Set<Integer> retryAfter = retryAfterStatuses(configuration);
		Set<Integer> failures = FailureStatuses.of(configuration).statuses();
		// The pool knows the number of concurrent requests, which can change.
		CompletableFuture<Pool<?, ?>> created = new CompletableFuture<>();
		HttpClientServiceFactory factory = (target) -> {
			ServerLocation location = new ServerLocation(target, names.of(target));
			int maxConcurrency = created.join().settings().maxConcurrency();
			return HttpClientService.of(location, clients.create(reload.settings(), location, maxConcurrency),
					retryAfter, failures);
		};
		Pool<?, ?> pool = this.factory.build(name, new HttpPoolKind(names), factory);
		created.complete(pool);
		this.sslBundles.ifAvailable((bundles) -> reload.follow(pool, bundles));
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

	@Override
	public @Nullable Supplier<@Nullable Instant> of(String pool) {
		SslReload reload = this.secured.get(PoolName.of(pool));
		return (reload != null) ? reload::certificateExpiry : null;
	}

	/**
	 * Return the names of the servers of a pool.
	 * @throws PoolConfigurationException if the clients cannot use the name for a
	 * configured target
	 */
	private static ServerNames names(PoolAddresses addresses, Function<URI, @Nullable String> obstacle) {
		PoolKind kind = new HttpPoolKind();
		URI url = addresses.url(kind);
		ServerNames names = ServerNames.of((addresses.serverName() == ServerName.URL) ? url : null, obstacle);
		for (Target target : addresses.targets(kind)) {
			String problem = (target.uri() != null) ? names.problem(target.uri()) : null;
			if (problem != null) {
				throw PoolConfigurationException.noServerName(addresses.keys(), target, problem);
			}
		}
		return names;
	}

	private static Set<Integer> retryAfterStatuses(PoolConfiguration configuration) {
		Set<Integer> statuses = configuration.retryAfterStatuses();
		return (statuses == null) ? Set.of(503)
				: configuration.keys().requireStatuses("retryAfterStatuses", statuses, 400);
	}

}
