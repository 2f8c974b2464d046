package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLException;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.routing.RoutingRequestFactoryBuilderPostProcessor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for misconfigured addresses that only the first call reveals. Each call fails
 * with the exception of a plain client. The same pool works as soon as the server at the
 * address is correct.
 */
@Timeout(60)
class PoolFirstCallMisuseTests {

	/** More than the number of consecutive failures that eject a service. */
	private static final int FAILURES = 10;

	@TempDir
	private static Path folder;

	private static TestKeyStore right;

	private static TestKeyStore stranger;

	private final ApplicationContextRunner runner = Applications.plain();

	@BeforeAll
	static void createKeys() throws Exception {
		right = TestKeyStore.loopback();
		stranger = TestKeyStore.create(folder.resolve("stranger.p12"), "DNS:elsewhere");
	}

	@Test
	void failsLikePlainClientWhenPortIsClosed() {
		try (Server server = Server.responding("ok")) {
			server.stop();
			String uri = server.uri().toString();
			this.runner.withPropertyValues("pool.instances.orders.targets=" + uri).run((context) -> {
				assertFailsAsPlainClient(context, uri, ConnectException.class);
				server.start();
				assertWorks(context, uri);
			});
		}
	}

	@Test
	void failsLikePlainClientWhenHostIsUnknown() {
		// A label of a host name has at most 63 letters, so resolution fails without a
		// query.
		String uri = "http://" + "x".repeat(64) + ".invalid:8080";
		this.runner.withPropertyValues("pool.instances.orders.targets=" + uri)
			.run((context) -> assertFailsAsPlainClient(context, uri, ConnectException.class));
	}

	@Test
	void failsLikePlainClientWhenServerLacksTls() {
		try (Server server = Server.http1().start()) {
			callWrongThenRightServer(right, server.uri(), SSLException.class);
			assertThat(server.requests()).isEmpty();
		}
	}

	@Test
	void failsLikePlainClientWhenCertificateIsUntrusted() {
		try (Server server = Server.http1().tls(stranger).start()) {
			callWrongThenRightServer(right, server.secureUri(), CertPathBuilderException.class);
			assertThat(server.requests()).isEmpty();
		}
	}

	@Test
	void failsLikePlainClientWhenCertificateHostDiffers() throws IOException {
		TestKeyStore both = right.trusting(stranger, folder.resolve("both.p12"));
		try (Server server = Server.http1().tls(stranger).start()) {
			callWrongThenRightServer(both, server.secureUri(), CertificateException.class);
			assertThat(server.requests()).isEmpty();
		}
	}

	/**
	 * Call a wrong server, and then the right server at the same address.
	 */
	private void callWrongThenRightServer(TestKeyStore trusted, URI wrong, Class<? extends Throwable> cause) {
		try (Server server = Server.http1().tls(right).start(Handler.responding(200, "ok"));
				Link link = Link.to(server.secureUri())) {
			link.switchTo(wrong);
			String uri = link.uri().toString();
			this.runner.withPropertyValues(trusted.trustedBy("trusting"))
				.withPropertyValues("pool.instances.orders.targets=" + uri, "spring.http.clients.ssl.bundle=trusting")
				.run((context) -> {
					assertFailsAsPlainClient(context, uri, cause);
					link.switchTo(server.secureUri());
					assertWorks(context, uri);
				});
		}
	}

	private static void assertFailsAsPlainClient(ApplicationContext context, String uri,
			Class<? extends Throwable> cause) {
		RestClient pooled = context.getBean(RestClient.Builder.class).build();
		RestClient plain = RestClient.builder()
			.requestFactory(RoutingRequestFactoryBuilderPostProcessor
				.unwrap(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.build(context.getBean(HttpClientSettings.class)))
			.build();
		Throwable expected = catchThrowable(() -> get(plain, uri));
		assertThat(expected).isInstanceOf(ResourceAccessException.class).hasCauseInstanceOf(IOException.class);
		assertThat(causes(expected)).as("precondition").hasAtLeastOneElementOfType(cause);
		for (int i = 0; i < FAILURES; i++) {
			assertThat(causes(catchThrowable(() -> get(pooled, uri)))).map(Throwable::toString)
				.isEqualTo(causes(expected).stream().map(Throwable::toString).toList());
		}
		PoolSnapshot snapshot = snapshot(context);
		assertThat(snapshot.totals().calls().failed()).isEqualTo(FAILURES);
		assertThat(snapshot.load().inFlight()).isZero();
	}

	private static void assertWorks(ApplicationContext context, String uri) {
		assertThat(get(context.getBean(RestClient.Builder.class).build(), uri)).isEqualTo("ok");
		assertThat(snapshot(context).totals().calls().succeeded()).isOne();
		assertThat(snapshot(context).load().inFlight()).isZero();
	}

	private static String get(RestClient client, String uri) {
		return client.get().uri(uri).retrieve().requiredBody(String.class);
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	private static List<Throwable> causes(Throwable failure) {
		List<Throwable> causes = new ArrayList<>();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			causes.add(cause);
		}
		return causes;
	}

}
