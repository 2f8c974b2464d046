package dev.servicepool.spring.measured;

import java.nio.file.Path;
import java.time.Duration;

import dev.servicepool.spring.Applications;
import dev.servicepool.fixtures.TestKeyStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

	@TempDir
	private Path folder;

	@Test
	void connectionsDoNotExceedServicesWithoutTls() throws Exception {
		try (LoadServer server = LoadServer.withTomcatsDefaults(this.folder)) {
			compare("cold burst, without TLS", server);
		}
	}

	@Test
	void connectionsDoNotExceedServicesWithTls() throws Exception {
		Path keyStore = TestKeyStore.create(this.folder.resolve("server.p12"), "IP:127.0.0.1,DNS:localhost").file();
		try (LoadServer server = LoadServer.withTomcatsDefaults(this.folder, keyStore);
				DefaultTrust trust = new DefaultTrust(keyStore)) {
			assertThat(trust).isNotNull();
			compare("cold burst, with TLS", server);
		}
	}

	private static void compare(String scenario, LoadServer server) throws Exception {
		try (DistantServer plainProxy = new DistantServer(server.uri(), Duration.ZERO);
				DistantServer pooledProxy = new DistantServer(server.uri(), Duration.ZERO)) {
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
	private static int burst(ApplicationContextRunner application, DistantServer server) {
		application.run((context) -> {
			RestClient client = Applications.client(context);
			String uri = server.uri() + "/?hold=50";
			assertThat(
					Burst.of(CALLS, Duration.ofSeconds(20), () -> client.get().uri(uri).retrieve().toBodilessEntity()))
				.isEqualTo(CALLS);
		});
		return server.opened();
	}

}
