package dev.servicepool.spring.measured;

import java.time.Duration;

import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests uploads of 1 MB to a server with a round trip of 20 ms. The flow-control window
 * of an HTTP/2 connection limits the upload rate of each connection.
 */
@Tag("measured")
@Timeout(90)
class LargeUploadTests {

	private static final int CALLERS = 8;

	private static final Duration ROUND_TRIP = Duration.ofMillis(20);

	private static final byte[] BODY = new byte[1 << 20];

	private static final String[] EIGHT = { "pool.instances.orders.min-services=8",
			"pool.instances.orders.max-services=8" };

	private final Work work = new Work();

	@Test
	void poolUploadsFourTimesFasterThanOneConnection() throws Exception {
		try (Server server = Server.http2(100).threads(200).start(this.work);
				Link plain = Link.to(server.uri()).delay(ROUND_TRIP.dividedBy(2));
				Link pooled = Link.to(server.uri()).delay(ROUND_TRIP.dividedBy(2));
				Link http1 = Link.to(server.uri()).delay(ROUND_TRIP.dividedBy(2))) {
			double[] rates = new double[4];
			Applications.plain().run((context) -> {
				rates[0] = upload(Applications.client(context), server, plain, 1, "HTTP/2.0");
				rates[1] = upload(http1(context), server, plain, 1, "HTTP/1.1");
			});
			Applications.pooled(pooled.uri(), EIGHT)
				.run((context) -> rates[2] = upload(Applications.client(context), server, pooled, 8, "HTTP/2.0"));
			Applications.pooled(http1.uri(), EIGHT)
				.withPropertyValues("pool.instances.orders.client.http-version=http-1-1")
				.run((context) -> rates[3] = upload(Applications.client(context), server, http1, 1, "HTTP/1.1"));
			Figures.print("1 MB uploads with a round trip of 20 ms",
					"%d callers: plain HTTP/2 %.1f MB/s, pool of 8 services %.1f times as much;"
							+ " plain HTTP/1.1 %.0f times as much, pool with http-1-1 %.0f times as much",
					CALLERS, rates[0], rates[2] / rates[0], rates[1] / rates[0], rates[3] / rates[0]);
			assertThat(rates[2] / rates[0]).isGreaterThanOrEqualTo(4);
			assertThat(rates[1]).isGreaterThan(rates[2]);
			assertThat(rates[3]).isGreaterThan(rates[2]);
		}
	}

	private static RestClient http1(ApplicationContext context) {
		ClientHttpRequestFactory http1 = ClientHttpRequestFactoryBuilder.jdk()
			.withHttpClientCustomizer((client) -> client.version(java.net.http.HttpClient.Version.HTTP_1_1))
			.build();
		return context.getBean(RestClient.Builder.class).requestFactory(http1).build();
	}

	/**
	 * Send small calls until each client has its connection, because Tomcat does not
	 * upgrade to HTTP/2 for a request with a large body.
	 */
	private static void connect(RestClient client, Link distant, int connections) {
		while (distant.open() < connections) {
			client.get().uri(distant.uri()).retrieve().toBodilessEntity();
		}
	}

	/** Return the upload rate in MB per second. */
	private double upload(RestClient client, Server server, Link distant, int connections, String protocol)
			throws Exception {
		connect(client, distant, connections);
		try (ClosedLoop load = new ClosedLoop(CALLERS,
				() -> client.post().uri(distant.uri()).body(BODY).retrieve().toBodilessEntity())) {
			load.during(Duration.ofMillis(1500));
			server.log().reset();
			long before = this.work.received();
			long start = System.nanoTime();
			load.during(Duration.ofSeconds(4));
			double seconds = (System.nanoTime() - start) / 1e9;
			assertThat(load.firstFailure()).isNull();
			assertThat(server.log().all(protocol)).isTrue();
			return (this.work.received() - before) / seconds / BODY.length;
		}
	}

}
