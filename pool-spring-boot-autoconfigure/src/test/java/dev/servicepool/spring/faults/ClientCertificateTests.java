package dev.servicepool.spring.faults;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.LinkFailure;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Customers;
import dev.servicepool.spring.Orders;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for servers that require a certificate of the client. With TLS 1.3, a server
 * rejects the certificate after the client may have sent its request. Therefore, the pool
 * never sends a POST request again after a TLS alert.
 */
@Timeout(60)
class ClientCertificateTests {

	private static final int CALLERS = 50;

	private static final int ORDERS = 1_000;

	private final Orders orders = new Orders();

	private final Customers customers = new Customers(this.orders, 0);

	@AutoClose
	private final Server server = Server.http2(10)
		.tls(TestKeyStore.loopback())
		.requireClientCertificates()
		.start(this.orders);

	@Test
	void burstBeyondStreamLimitPlacesEachOrderOnce() throws Exception {
		place(Link.to(this.server.secureUri()));
		assertThat(this.customers.failed()).isEmpty();
		assertThat(this.customers.placed()).hasSize(ORDERS);
		assertThat(this.orders.twice()).isEmpty();
	}

	@Test
	void noOrderIsPlacedTwiceWhenConnectionsBreak() throws Exception {
		place(Link.to(this.server.secureUri()).failRandomly(42, 50_000, LinkFailure.RESET, LinkFailure.CLOSE));
		assertThat(this.customers.total()).isEqualTo(ORDERS);
		assertThat(this.customers.placed()).as("orders known to the server").allMatch(this.orders.seen()::contains);
		assertThat(this.orders.twice()).isEmpty();
	}

	@Test
	void postIsNotSentAgainWhenServerRejectsClient() throws Exception {
		try (TwoSides sides = new TwoSides(List.of(this.server.secureUri()))) {
			Outcome outcome = sides.trusting(TestKeyStore.loopback())
				.with("spring.http.clients.read-timeout=5s")
				.run("no client certificate, POSTs", (side) -> side.posts("/1").byCallers(1, 5));
			assertThat(outcome.pooled().failed()).isEqualTo(5);
			assertThat(sides.pooledConnections()).isEqualTo(5);
			assertThat(this.server.count()).isZero();
		}
	}

	private void place(Link server) throws Exception {
		try (server) {
			Applications.pooled(server.uri(), TestKeyStore.loopback().usedBy("client"))
				.withPropertyValues("spring.ssl.bundle.jks.client.options.enabled-protocols=TLSv1.3",
						"spring.http.clients.ssl.bundle=client", "spring.http.clients.read-timeout=10s")
				.run((context) -> {
					RestClient client = context.getBean(RestClient.Builder.class)
						.baseUrl(server.uri().toString())
						.build();
					// Requests that wait too long for the first connection may exceed the
					// limit of the server before the client knows it.
					this.customers.place(client, 1, new AtomicInteger(), (id) -> id == 0);
					this.customers.place(client, CALLERS, new AtomicInteger(1), (id) -> id < ORDERS);
				});
		}
	}

}
