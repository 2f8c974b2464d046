package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.ChangingSubset;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.NamedServer;
import dev.servicepool.fixtures.Received;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.TargetSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static dev.servicepool.spring.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for JDK clients that connect to IP addresses and use the name of the pool's
 * address. They need the system property
 * {@code -Djdk.httpclient.allowRestrictedHeaders=host}.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ServerNameTests {

	private static final String NAME = "orders.test";

	private static final String[] CAPABLE = { "pool.instances.orders.client.http-version=http-1-1",
			"pool.instances.orders.client.redirects=dont-follow" };

	@TempDir
	private static Path folder;

	/** Server with both certificates, which all tests share. */
	private static NamedServer named;

	private static Server server;

	@BeforeAll
	static void startServer() throws Exception {
		named = NamedServer.start(folder, NAME);
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

	@Test
	void certificateAndHostAreThoseOfUrl() {
		application(server.secureUris()).withPropertyValues(CAPABLE).run((context) -> {
			RestClient client = Applications.client(context);
			await().until(() -> {
				get(client);
				return named.called().size() == NamedServer.ADDRESSES;
			});
			assertThat(server.requests()).extracting(Received::authority).containsOnly(NAME + ":443");
			assertThat(server.requests()).extracting((request) -> request.header("Host")).containsOnly(NAME);
			assertThat(context.getBean(Pool.class).snapshot().totals().calls().failed()).isZero();
		});
	}

	@Test
	void certificateOfAddressIsRefused() {
		try (Server other = Server.http2()
			.tls(TestKeyStore.loopback())
			.addresses(2)
			.start(Handler.responding(200, "order"))) {
			application(other.secureUris()).withPropertyValues(CAPABLE).run((context) -> {
				ResourceAccessException failure = catchThrowableOfType(ResourceAccessException.class,
						() -> get(Applications.client(context)));
				assertThat(failure).hasRootCauseInstanceOf(CertificateException.class);
				assertThat(other.count()).isZero();
			});
		}
	}

	@Test
	void headerOfRequestIsKept() {
		application(List.of(server.secureUri())).withPropertyValues(CAPABLE).run((context) -> {
			Applications.client(context)
				.get()
				.uri("https://" + NAME)
				.header("Host", NAME + ":8443")
				.retrieve()
				.toBodilessEntity();
			assertThat(server.onlyRequest().header("Host")).isEqualTo(NAME + ":8443");
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void startFailsIfClientCannotUseName(int capability) {
		FailureAnalysis analysis = failure(
				application(List.of(URI.create("https://127.0.0.1:8443"))).withPropertyValues(CAPABLE[capability]));
		assertThat(analysis.getDescription()).isEqualTo(
				"'pool.instances.orders.targets' contains the IP address 'https://127.0.0.1:8443', but certificates"
						+ " are checked for the host of 'https://orders.test', but the JDK's HTTP client sends requests to"
						+ " another address than their own only with HTTP/1.1 ('client.http-version: http-1-1'), without"
						+ " following redirects ('client.redirects: dont-follow'), and with the system property"
						+ " -Djdk.httpclient.allowRestrictedHeaders=host.");
		assertThat(analysis.getAction())
			.isEqualTo("Use host names as targets, set 'spring.http.clients.imperative.factory' to 'jetty',"
					+ " 'http-components', or 'reactor', or, if the certificates are issued for IP addresses, set"
					+ " 'pool.instances.orders.server-name' to 'target'.");
	}

	@Test
	void certificateOfAddressIsCheckedIfConfigured() {
		application(List.of(server.secureUri())).withPropertyValues("pool.instances.orders.server-name=target")
			.run((context) -> {
				assertThat(get(Applications.client(context))).isEqualTo("order");
				assertThat(server.onlyRequest().authority()).isEqualTo(server.secureUri().getAuthority());
			});
	}

	@Test
	void nameOfOtherSchemeIsNotUsed() {
		application(List.of(server.secureUri())).withPropertyValues("pool.instances.orders.url=http://" + NAME)
			.run((context) -> {
				Applications.client(context).get().uri("http://" + NAME).retrieve().toBodilessEntity();
				assertThat(server.onlyRequest().authority()).isEqualTo(server.secureUri().getAuthority());
			});
	}

	@ParameterizedTest
	@CsvSource({ "dont-follow, true", "follow, false" })
	void nameIsUsedWithoutTlsIfClientCan(String redirects, boolean named) {
		application(List.of(server.uri()))
			.withPropertyValues("pool.instances.orders.url=http://" + NAME,
					"pool.instances.orders.client.redirects=" + redirects)
			.run((context) -> {
				Applications.client(context).get().uri("http://" + NAME).retrieve().toBodilessEntity();
				assertThat(server.onlyRequest().header("Host")).isEqualTo(named ? NAME : server.uri().getAuthority());
			});
	}

	@Test
	void addressFromSourceIsSkippedIfClientCannotUseName(CapturedOutput output) {
		URI usable = URI.create("https://localhost:8443");
		application(List.of())
			.withBean("ordersTargets", TargetSource.class,
					() -> (pool) -> List.of(URI.create("https://127.0.0.1:8443"), usable))
			.run((context) -> {
				await().until(() -> targets(context).equals(List.of(usable.toString())));
				assertThat(output)
					.contains("Pool 'orders': skipped 'https://127.0.0.1:8443' from 'ordersTargets', because"
							+ " it cannot be a target: certificates are checked for the host of 'https://orders.test',"
							+ " but the JDK's HTTP client sends requests");
			});
	}

	@Test
	void hostIsResolvedOverTls() {
		try (Server other = Server.http2().tls(TestKeyStore.loopback()).start(Handler.responding(200, "order"))) {
			String url = "https://localhost:" + other.secureUri().getPort();
			plain().withPropertyValues("pool.instances.orders.targets=" + url, "pool.instances.orders.resolve=true")
				.withPropertyValues(CAPABLE)
				.run((context) -> {
					await().until(() -> targets(context).contains(other.secureUri().toString()));
					Applications.client(context).get().uri(url).retrieve().toBodilessEntity();
					assertThat(other.onlyRequest().authority()).isEqualTo(URI.create(url).getAuthority());
				});
		}
	}

	@Test
	void resolvingFailsStartupIfClientCannotUseName() {
		FailureAnalysis analysis = failure(plain().withPropertyValues("pool.instances.orders.targets=https://localhost",
				"pool.instances.orders.resolve=true"));
		assertThat(analysis.getDescription())
			.startsWith("'pool.instances.orders.resolve' is true, so the pool would connect to the IP addresses of the"
					+ " target 'https://localhost', but certificates are checked for the host of 'https://localhost', but"
					+ " the JDK's HTTP client sends requests");
		assertThat(analysis.getAction()).isEqualTo(
				"Remove 'pool.instances.orders.resolve', use http:// targets, or set 'pool.instances.orders.url' to an"
						+ " https:// address with a host name and 'spring.http.clients.imperative.factory' to 'jetty',"
						+ " 'http-components', or 'reactor'.");
	}

	/** Without pools, the plain client resolves the name. */
	@ParameterizedTest
	@CsvSource({ "url, localhost", "target, 127.0.0.1" })
	void plainRequestsUseNameOfCertificate(String serverName, String host) {
		String url = "https://localhost:" + server.secureUri().getPort();
		application(List.of(server.secureUri()))
			.withPropertyValues("pool.enabled=false", "pool.instances.orders.url=" + url,
					"pool.instances.orders.server-name=" + serverName, "spring.http.clients.ssl.bundle=servers")
			.run((context) -> {
				RestClient fromPool = Applications.client(context)
					.mutate()
					.apply(context.getBean(RestClientPools.class).fromPool("orders"))
					.build();
				for (RestClient client : List.of(Applications.client(context), fromPool)) {
					client.get().uri(url).retrieve().toBodilessEntity();
				}
				assertThat(server.requests()).extracting(Received::authority)
					.hasSize(2)
					.containsOnly(host + ":" + server.secureUri().getPort());
			});
	}

	@Test
	void noGetFailsWhileAddressesComeAndGo() throws Exception {
		ChangingSubset targets = new ChangingSubset(server.secureUris(), 4);
		application(List.of()).withPropertyValues(CAPABLE)
			.withPropertyValues("pool.instances.orders.refresh-interval=20ms")
			.withBean("ordersTargets", TargetSource.class, () -> (pool) -> targets.next())
			.run((context) -> {
				RestClient client = Applications.client(context);
				while (named.called().size() <= 4) {
					targets.sendDuring(() -> get(client), 4, 20);
				}
			});
	}

	private static ApplicationContextRunner application(List<URI> targets) {
		return plain().withPropertyValues("pool.instances.orders.url=https://" + NAME, "pool.instances.orders.targets="
				+ targets.stream().map(URI::toString).collect(Collectors.joining(",")));
	}

	private static ApplicationContextRunner plain() {
		return Applications.plain()
			.withPropertyValues(named.key().trustedBy("servers"))
			.withPropertyValues("pool.instances.orders.client.ssl.bundle=servers");
	}

	private static String get(RestClient client) {
		return client.get().uri("https://" + NAME + "/").retrieve().requiredBody(String.class);
	}

	private static List<String> targets(ApplicationContext context) {
		Pool<?, ?> pool = context.getBean(Pool.class);
		return pool.snapshot().services().stream().map(PoolSnapshot.ServiceSnapshot::target).distinct().toList();
	}

	private static FailureAnalysis failure(ApplicationContextRunner runner) {
		AtomicReference<FailureAnalysis> analysis = new AtomicReference<>();
		runner.run((context) -> analysis
			.set(new PoolConfigurationFailureAnalyzer(new MockEnvironment()).analyze(context.getStartupFailure())));
		return analysis.get();
	}

}
