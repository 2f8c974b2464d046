package dev.servicepool.compatibility.matrix;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import dev.servicepool.Pool;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * A plain and a pooled client of the same library and protocol. Their applications differ
 * only in the pool.
 *
 * @param plain the plain client
 * @param pooled the pooled client
 * @param pool the pool of the pooled client
 * @param plainClients creates further clients like the plain one
 */
record TwoClients(RestClient plain, RestClient pooled, Pool<?, ?> pool,
		Supplier<ClientHttpRequestFactory> plainClients) {

	/**
	 * Start both clients, and close them after an action.
	 * @param pair the library, the protocol, and the server
	 * @param plainUri the address that the plain client calls
	 * @param pooledUri the address that the pooled client calls
	 * @param action the action
	 */
	static void run(Pair pair, URI plainUri, URI pooledUri, Action action) {
		run(pair, plainUri, pooledUri, Duration.ofSeconds(20), List.of(), action);
	}

	/**
	 * Start both clients with other properties, and close them after an action. Without
	 * TLS, the pooled client uses its default version of HTTP.
	 * @param pair the library, the protocol, and the server
	 * @param plainUri the address that the plain client calls
	 * @param pooledUri the address that the pooled client calls
	 * @param readTimeout the read timeout of both clients
	 * @param poolProperties further properties of the pooled client
	 * @param action the action
	 */
	static void run(Pair pair, URI plainUri, URI pooledUri, Duration readTimeout, List<String> poolProperties,
			Action action) {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, SslAutoConfiguration.class))
			.withUserConfiguration(Clients.class)
			.withBean(Pair.class, () -> pair)
			.withPropertyValues(TestKeyStore.loopback().trustedBy("servers"))
			.withPropertyValues("spring.http.clients.ssl.bundle=servers",
					// The plain JDK client offers HTTP/2 only with these versions.
					"spring.ssl.bundle.jks.servers.options.enabled-protocols=TLSv1.3,TLSv1.2",
					"spring.http.clients.read-timeout=" + readTimeout.toMillis() + "ms");
		ApplicationContextRunner pool = runner
			.withPropertyValues("pool.instances.orders.targets=" + pooledUri, "pool.acquire-timeout=20s",
					// 500 calls can be in progress, as with the plain client.
					"pool.max-services=25")
			.withPropertyValues(pair.library().hasVersionProperty() && pooledUri.getScheme().equals("https")
					? new String[] { "pool.instances.orders.client.http-version=" + pair.protocol().property() }
					: new String[0])
			.withPropertyValues(poolProperties.toArray(String[]::new));
		runner.run((without) -> pool.run((with) -> action.run(new TwoClients(client(without, plainUri),
				client(with, pooledUri), with.getBean("ordersPool", Pool.class), () -> plainClient(without)))));
	}

	private static ClientHttpRequestFactory plainClient(ApplicationContext context) {
		return context.getBean(ClientHttpRequestFactoryBuilder.class).build(context.getBean(HttpClientSettings.class));
	}

	private static RestClient client(ApplicationContext context, URI uri) {
		return context.getBean(RestClient.Builder.class).baseUrl(uri).build();
	}

	interface Action {

		void run(TwoClients clients) throws Exception;

	}

	@Configuration(proxyBeanMethods = false)
	static class Clients {

		@Bean
		ClientHttpRequestFactoryBuilder<?> clientHttpRequestFactoryBuilder(Pair pair, SslBundles bundles) {
			return pair.library().builder(pair.protocol(), bundles.getBundle("servers"));
		}

	}

}
