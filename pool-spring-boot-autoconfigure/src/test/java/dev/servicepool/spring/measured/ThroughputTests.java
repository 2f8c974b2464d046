package dev.servicepool.spring.measured;

import java.net.URI;
import java.time.Duration;

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
 * Tests a server with Tomcat's defaults, which processes up to 20 concurrent requests of
 * a connection and queues the others.
 */
@Tag("measured")
@Timeout(90)
class ThroughputTests {

	private static final int CALLERS = 80;

	@Test
	void poolTriplesThroughputWithoutTls() throws Exception {
		try (Server server = Server.http2().threads(200).start()) {
			compare("Tomcat's defaults, without TLS", server, server.uri());
		}
	}

	@Test
	void poolTriplesThroughputWithTls() throws Exception {
		TestKeyStore key = TestKeyStore.loopback();
		try (Server server = Server.http2().threads(200).tls(key).start();
				DefaultTrust trust = new DefaultTrust(key.file())) {
			assertThat(trust).isNotNull();
			compare("Tomcat's defaults, with TLS", server, server.secureUri());
		}
	}

	private static void compare(String scenario, Server server, URI uri) {
		double plain = throughput(Applications.plain(), server, uri, Duration.ofSeconds(3));
		assertThat(server.log().all("HTTP/2.0")).isTrue();
		double pooled = throughput(Applications.pooled(uri), server, uri, Duration.ofSeconds(12));
		assertThat(server.log().all("HTTP/2.0")).isTrue();
		Figures.print(scenario,
				"%d callers, 50 ms per request: pool %.0f calls/s, plain %.0f calls/s, %.2f times as much", CALLERS,
				pooled, plain, pooled / plain);
		assertThat(pooled / plain).isGreaterThanOrEqualTo(3);
	}

	private static double throughput(ApplicationContextRunner application, Server server, URI uri, Duration warmUp) {
		double[] rate = new double[1];
		application.run((context) -> {
			RestClient client = Applications.client(context);
			String address = uri + "/?millis=50";
			try (ClosedLoop load = new ClosedLoop(CALLERS,
					() -> client.get().uri(address).retrieve().toBodilessEntity())) {
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
