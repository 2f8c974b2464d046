package dev.servicepool.spring.measured;

import java.net.URI;
import java.time.Duration;

import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests concurrent calls of an application that has no connection, so that the calls
 * cannot share one.
 */
@Tag("measured")
@Timeout(60)
class ColdBurstTests {

	private static final int CALLS = 50;

	private static final int MAX_SERVICES = 4;

	@Test
	void connectionsDoNotExceedServicesWithoutTls() throws Exception {
		try (Server server = Server.http2().threads(200).start()) {
			compare("cold burst, without TLS", server.uri());
		}
	}

	@Test
	void connectionsDoNotExceedServicesWithTls() throws Exception {
		TestKeyStore key = TestKeyStore.loopback();
		try (Server server = Server.http2().threads(200).tls(key).start();
				DefaultTrust trust = new DefaultTrust(key.file())) {
			assertThat(trust).isNotNull();
			compare("cold burst, with TLS", server.secureUri());
		}
	}

	private static void compare(String scenario, URI server) throws Exception {
		try (Link plainProxy = Link.to(server); Link pooledProxy = Link.to(server)) {
			int plain = burst(Applications.plain(), plainProxy);
			int pooled = burst(Applications.pooled(pooledProxy.uri(), "pool.max-services=" + MAX_SERVICES),
					pooledProxy);
			Figures.print(scenario,
					"%d calls opened %d connections with a pool of at most %d services, %d with the plain client",
					CALLS, pooled, MAX_SERVICES, plain);
			assertThat(plain).as("connections of the plain client").isGreaterThan(MAX_SERVICES);
			assertThat(pooled).isLessThanOrEqualTo(MAX_SERVICES);
		}
	}

	/** Return the number of connections that a burst opens. */
	private static int burst(ApplicationContextRunner application, Link server) {
		application.run((context) -> {
			RestClient client = Applications.client(context);
			String uri = server.uri() + "/?millis=50";
			assertThat(
					Burst.of(CALLS, Duration.ofSeconds(20), () -> client.get().uri(uri).retrieve().toBodilessEntity()))
				.isEqualTo(CALLS);
		});
		return server.opened();
	}

}
