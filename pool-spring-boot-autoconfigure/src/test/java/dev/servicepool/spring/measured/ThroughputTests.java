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
 * Tests a server with Tomcat's defaults, which processes up to 20 concurrent requests of
 * a connection and queues the others.
 */
@Tag("measured")
@Timeout(90)
class ThroughputTests {

	private static final int CALLERS = 80;

	@TempDir
	private Path folder;

	@Test
	void poolTriplesThroughputWithoutTls() throws Exception {
		try (LoadServer server = LoadServer.withTomcatsDefaults(this.folder)) {
			compare("Tomcat's defaults, without TLS", server);
		}
	}

	@Test
	void poolTriplesThroughputWithTls() throws Exception {
		Path keyStore = TestKeyStore.create(this.folder.resolve("server.p12"), "IP:127.0.0.1,DNS:localhost").file();
		try (LoadServer server = LoadServer.withTomcatsDefaults(this.folder, keyStore);
				DefaultTrust trust = new DefaultTrust(keyStore)) {
			assertThat(trust).isNotNull();
			compare("Tomcat's defaults, with TLS", server);
		}
	}

	private static void compare(String scenario, LoadServer server) {
		double plain = throughput(Applications.plain(), server, Duration.ofSeconds(3));
		assertThat(server.log().all("HTTP/2.0")).isTrue();
		double pooled = throughput(Applications.pooled(server.uri()), server, Duration.ofSeconds(12));
		assertThat(server.log().all("HTTP/2.0")).isTrue();
		Figures.print(scenario,
				"%d callers, 50 ms per request: pool %.0f calls/s, plain %.0f calls/s, %.2f times as much", CALLERS,
				pooled, plain, pooled / plain);
		assertThat(pooled / plain).isGreaterThanOrEqualTo(3);
	}

	private static double throughput(ApplicationContextRunner application, LoadServer server, Duration warmUp) {
		double[] rate = new double[1];
		application.run((context) -> {
			RestClient client = Applications.client(context);
			String uri = server.uri() + "/?hold=50";
			try (ClosedLoop load = new ClosedLoop(CALLERS, () -> client.get().uri(uri).retrieve().toBodilessEntity())) {
				load.during(warmUp);
				server.log().reset();
				ClosedLoop.Rates rates = load.during(Duration.ofSeconds(5));
				assertThat(load.firstFailure()).isNull();
				rate[0] = rates.succeeded();
			}
		});
		return rate[0];
	}

}
