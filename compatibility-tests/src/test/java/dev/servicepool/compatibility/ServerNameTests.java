package dev.servicepool.compatibility;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SSLPeerUnverifiedException;

import dev.servicepool.fixtures.ChangingSubset;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.NamedServer;
import dev.servicepool.fixtures.Received;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.TargetSource;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolDiscoveryAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.http.HttpHost;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.netty.transport.ProxyProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for clients that connect to IP addresses and use the name of the pool's address,
 * with each HTTP client library that Spring Boot supports.
 */
@Timeout(60)
class ServerNameTests {

	private static final String NAME = "orders.test";

	/** Name to which a redirect leads, resolved as the application configures. */
	private static final String OTHER_NAME = "invoices.test";

	@TempDir
	private static Path folder;

	/** Clients that can connect to an address and use another name. */
	enum Client {

		JETTY_HTTP_2("jetty", "HTTP/2.0", "pool.instances.orders.client.http-version=http-2") {

			@Override
			ClientHttpRequestFactoryBuilder<?> builder(boolean proxied) {
				return ClientHttpRequestFactoryBuilder.jetty().withHttpClientCustomizer((client) -> {
					if (proxied) {
						client.getProxyConfiguration().addProxy(new HttpProxy("127.0.0.1", 1));
					}
				}).withSocketAddressResolver(RESOLVER);
			}

		},

		JETTY("jetty", "HTTP/1.1") {

			@Override
			ClientHttpRequestFactoryBuilder<?> builder(boolean proxied) {
				return JETTY_HTTP_2.builder(proxied);
			}

		},

		HTTP_COMPONENTS("http-components", "HTTP/1.1") {

			@Override
			ClientHttpRequestFactoryBuilder<?> builder(boolean proxied) {
				return ClientHttpRequestFactoryBuilder.httpComponents().withHttpClientCustomizer((client) -> {
					if (proxied) {
						client.setProxy(new HttpHost("127.0.0.1", 1));
					}
				}).withDnsResolver(dnsResolver());
			}

		},

		REACTOR("reactor", "HTTP/1.1") {

			@Override
			ClientHttpRequestFactoryBuilder<?> builder(boolean proxied) {
				return ClientHttpRequestFactoryBuilder.reactor()
					.withHttpClientCustomizer((client) -> proxied
							? client.proxy((proxy) -> proxy.type(ProxyProvider.Proxy.HTTP).host("127.0.0.1").port(1))
							: client);
			}

		};

		private static final SocketAddressResolver RESOLVER = (host, port, context, promise) -> promise
			.succeeded(List.of(new InetSocketAddress(first(host), port)));

		private final String factory;

		private final String protocol;

		private final String[] properties;

		Client(String factory, String protocol, String... properties) {
			this.factory = factory;
			this.protocol = protocol;
			this.properties = properties;
		}

		abstract ClientHttpRequestFactoryBuilder<?> builder(boolean proxied);

		private static InMemoryDnsResolver dnsResolver() {
			InMemoryDnsResolver resolver = new InMemoryDnsResolver();
			resolver.add(OTHER_NAME, first(OTHER_NAME));
			return resolver;
		}

		/** Return the first address of the server, as if a name had been resolved. */
		private static InetAddress first(String host) {
			try {
				return InetAddress.getByAddress(host, new byte[] { 127, 0, 0, 1 });
			}
			catch (UnknownHostException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/** Server with both certificates, which all tests share. */
	private static NamedServer named;

	private static Server server;

	@BeforeAll
	static void startServer() throws Exception {
		named = NamedServer.start(folder, NAME, OTHER_NAME);
		server = named.server();
	}

	@AfterAll
	static void stopServer() {
		named.close();
	}

	@BeforeEach
	void forget() {
		named.forget();
	}

	@ParameterizedTest
	@EnumSource
	void certificateAndHostAreThoseOfUrl(Client library) {
		application(library, server.secureUris()).run((context) -> {
			RestClient client = client(context);
			untilAddressesAreCalled(client, NamedServer.ADDRESSES);
			assertThat(server.requests()).extracting(Received::authority).containsOnly(NAME + ":443");
			assertThat(server.requests()).extracting(Received::protocol).containsOnly(library.protocol);
		});
	}

	@ParameterizedTest
	@EnumSource
	void instancesOfRegistryHaveNameOfUrl(Client library) {
		List<ServiceInstance> instances = new CopyOnWriteArrayList<>(instances(server.secureUris().subList(0, 2)));
		application(library, List.of()).withPropertyValues("pool.instances.orders.discovery.enabled=true")
			.withConfiguration(AutoConfigurations.of(PoolDiscoveryAutoConfiguration.class))
			.withBean(DiscoveryClient.class, () -> registry(instances))
			.run((context) -> {
				RestClient client = client(context);
				get(client);
				instances.addAll(instances(server.secureUris().subList(2, 4)));
				context.publishEvent(new HeartbeatEvent(this, 1));
				untilAddressesAreCalled(client, 4);
				assertThat(server.requests()).extracting(Received::authority).containsOnly(NAME + ":443");
			});
	}

	@ParameterizedTest
	@EnumSource
	void certificateOfAddressIsRefused(Client library) {
		try (Server other = Server.http2()
			.tls(TestKeyStore.loopback())
			.addresses(2)
			.start(Handler.responding(200, "order"))) {
			application(library, other.secureUris()).run((context) -> {
				ResourceAccessException failure = catchThrowableOfType(ResourceAccessException.class,
						() -> get(client(context)));
				assertThat(causes(failure)).anyMatch((cause) -> cause instanceof CertificateException
						|| cause instanceof SSLPeerUnverifiedException);
				assertThat(other.count()).isZero();
			});
		}
	}

	@ParameterizedTest
	@EnumSource
	void certificateOfAddressIsCheckedIfConfigured(Client library) {
		application(library, List.of(server.secureUri())).withPropertyValues("pool.instances.orders.server-name=target")
			.run((context) -> {
				get(client(context));
				assertThat(server.onlyRequest().authority()).isEqualTo(server.secureUri().getAuthority());
			});
	}

	@ParameterizedTest
	@EnumSource
	void hostIsThatOfUrlWithoutTls(Client library) {
		application(library, List.of(server.uri())).withPropertyValues("pool.instances.orders.url=http://" + NAME)
			.run((context) -> {
				client(context).get().uri("http://" + NAME).retrieve().toBodilessEntity();
				assertThat(server.onlyRequest().header("Host")).isEqualTo(NAME);
			});
	}

	@ParameterizedTest
	@EnumSource
	void hostIsResolvedOverTls(Client library) {
		try (Server other = Server.http2().tls(TestKeyStore.loopback()).start(Handler.responding(200, "order"))) {
			URI url = URI.create("https://localhost:" + other.secureUri().getPort());
			runner(library)
				.withPropertyValues("pool.instances.orders.targets=" + url, "pool.instances.orders.resolve=true")
				.run((context) -> {
					client(context).get().uri(url).retrieve().toBodilessEntity();
					assertThat(other.onlyRequest().authority()).isEqualTo(url.getAuthority());
				});
		}
	}

	@ParameterizedTest
	@EnumSource
	void noGetFailsWhileAddressesComeAndGo(Client library) throws Exception {
		ChangingSubset targets = new ChangingSubset(server.secureUris(), 4);
		application(library, List.of()).withPropertyValues("pool.instances.orders.refresh-interval=20ms")
			.withBean("ordersTargets", TargetSource.class, () -> (pool) -> targets.next())
			.run((context) -> {
				RestClient client = client(context);
				while (named.called().size() <= 4) {
					targets.sendDuring(() -> get(client), 4, 20);
				}
			});
	}

	/** The resolver of Reactor Netty's client is not configured, so that it fails. */
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REACTOR")
	void redirectToOtherNameIsResolvedAsConfigured(Client library) {
		application(library, List.of(server.secureUris().get(5)))
			.withBean(ClientHttpRequestFactoryBuilder.class, () -> library.builder(false))
			.run((context) -> {
				URI other = URI.create("https://" + OTHER_NAME + ":" + server.secureUri().getPort() + "/other");
				client(context).get().uri("https://" + NAME + "/?to={to}", other).retrieve().toBodilessEntity();
				assertThat(server.requests()).extracting(Received::authority)
					.containsExactly(NAME + ":443", other.getAuthority());
				assertThat(named.called()).containsExactlyInAnyOrder("127.0.0.6", "127.0.0.1");
			});
	}

	@ParameterizedTest
	@EnumSource
	void startFailsIfClientUsesProxy(Client library) {
		application(library, List.of(URI.create("https://127.0.0.1:8443")))
			.withBean(ClientHttpRequestFactoryBuilder.class, () -> library.builder(true))
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining(
						"the clients send these requests through a proxy, which resolves host names itself"));
	}

	@Test
	void startFailsIfClientsShareConnectionManager() throws IOException {
		try (PoolingHttpClientConnectionManager shared = new PoolingHttpClientConnectionManager()) {
			application(Client.HTTP_COMPONENTS, List.of(URI.create("https://127.0.0.1:8443")))
				.withPropertyValues("pool.instances.orders.client.connections=as-built")
				.withBean(ClientHttpRequestFactoryBuilder.class,
						() -> ClientHttpRequestFactoryBuilder.httpComponents()
							.withHttpClientCustomizer((client) -> client.setConnectionManager(shared)))
				.run((context) -> assertThat(context.getStartupFailure()).rootCause()
					.hasMessageContaining("a customizer gives all HTTP clients the same connection manager"));
		}
	}

	@Test
	void startFailsIfJdkClientCannotSetHost() {
		runner("jdk").withPropertyValues(properties(List.of(URI.create("https://127.0.0.1:8443"))))
			.withPropertyValues("pool.instances.orders.client.http-version=http-1-1",
					"pool.instances.orders.client.redirects=dont-follow")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("and with the system property -Djdk.httpclient.allowRestrictedHeaders=host."));
	}

	@Test
	void startFailsIfLibraryIsUnknown() {
		runner("simple").withPropertyValues(properties(List.of(URI.create("https://127.0.0.1:8443"))))
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining(
						"the clients of SimpleClientHttpRequestFactoryBuilder connect only to the host of a"
								+ " request. Use host names as targets, set 'spring.http.clients.imperative.factory' to 'jetty',"));
	}

	private static void untilAddressesAreCalled(RestClient client, int count) {
		await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10)).until(() -> {
			get(client);
			return named.called().size() == count;
		});
	}

	private static List<ServiceInstance> instances(List<URI> addresses) {
		return addresses.stream()
			.<ServiceInstance>map(
					(uri) -> new DefaultServiceInstance(uri.toString(), "orders", uri.getHost(), uri.getPort(), true))
			.toList();
	}

	private static DiscoveryClient registry(List<ServiceInstance> instances) {
		return new DiscoveryClient() {

			@Override
			public String description() {
				return "registry of the test";
			}

			@Override
			public List<ServiceInstance> getInstances(String service) {
				return List.copyOf(instances);
			}

			@Override
			public List<String> getServices() {
				return List.of("orders");
			}

		};
	}

	private static ApplicationContextRunner application(Client library, List<URI> targets) {
		return runner(library).withPropertyValues(properties(targets));
	}

	private static String[] properties(List<URI> targets) {
		return new String[] { "pool.instances.orders.url=https://" + NAME, "pool.instances.orders.targets="
				+ targets.stream().map(URI::toString).collect(Collectors.joining(",")) };
	}

	private static ApplicationContextRunner runner(Client library) {
		return runner(library.factory).withPropertyValues(library.properties);
	}

	private static ApplicationContextRunner runner(String factory) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, SslAutoConfiguration.class))
			.withPropertyValues(named.key().trustedBy("servers"))
			.withPropertyValues("spring.http.clients.imperative.factory=" + factory,
					"pool.instances.orders.client.ssl.bundle=servers");
	}

	private static RestClient client(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class).build();
	}

	private static String get(RestClient client) {
		return client.get().uri("https://" + NAME + "/").retrieve().requiredBody(String.class);
	}

	private static List<Throwable> causes(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
	}

}
