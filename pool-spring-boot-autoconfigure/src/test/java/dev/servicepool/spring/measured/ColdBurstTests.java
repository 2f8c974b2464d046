package dev.servicepool.spring.measured;

import java.nio.file.Path;
import java.time.Duration;

import dev.servicepool.spring.Applications;
import dev.servicepool.spring.TestKeyStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many calls at once as the first thing that an application does: there is no connection
 * yet that they could share.
 */
@Tag("measured")
@Timeout(60)
class ColdBurstTests {

	private static final int CALLS = 50;

	private static final int MAX_SERVICES = 4;

	@TempDir
	private Path folder;

	@Test
	void inTheClearAPoolOpensNoMoreConnectionsThanServices() throws Exception {
		try (LoadServer server = LoadServer.withTomcatsDefaults(this.folder)) {
			compare("cold burst, in the clear", server);
		}
	}

	@Test
	void overTlsAPoolOpensNoMoreConnectionsThanServices() throws Exception {
		Path keyStore = TestKeyStore.create(this.folder.resolve("server.p12"), "IP:127.0.0.1,DNS:localhost").file();
		try (LoadServer server = LoadServer.withTomcatsDefaults(this.folder, keyStore);
				DefaultTrust trust = new DefaultTrust(keyStore)) {
			assertThat(trust).isNotNull();
			compare("cold burst, TLS", server);
		}
	}

	private static void compare(String what, LoadServer server) throws Exception {
		try (DistantServer plainWay = new DistantServer(server.uri(), Duration.ZERO);
				DistantServer pooledWay = new DistantServer(server.uri(), Duration.ZERO)) {
			int plain = burst(Applications.plain(), plainWay);
			int pooled = burst(Applications.pooled(pooledWay.uri(), "pool.max-services=" + MAX_SERVICES), pooledWay);
			Figures.print(what, "%d calls opened %d connections over a pool of at most %d, plain %d", CALLS, pooled,
					MAX_SERVICES, plain);
			assertThat(plain).as("the premise of what follows").isGreaterThan(MAX_SERVICES);
			assertThat(pooled).isLessThanOrEqualTo(MAX_SERVICES);
		}
	}

	/** Return how many connections a burst opens. */
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
