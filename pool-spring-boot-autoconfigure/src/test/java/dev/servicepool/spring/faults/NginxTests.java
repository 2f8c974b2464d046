package dev.servicepool.spring.faults;

import dev.servicepool.fixtures.ServerProgram;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with nginx, which by default ends each connection after its 1,000th request.
 */
class NginxTests extends ProxyTests {

	private static final int REQUESTS_PER_SERVICE = 900;

	NginxTests() {
		super(ServerProgram.NGINX);
	}

	@Test
	void noGetFailsWhenConnectionsEndAfterLimit() throws Exception {
		try (TwoSides sides = sides()) {
			Outcome outcome = sides.run("nginx, GETs", gets());
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
			assertThat(outcome.pool().totals().ejections()).isZero();
		}
	}

	@Test
	void postsFailAtMostAsOftenAsPlainOnes() throws Exception {
		try (TwoSides sides = sides()) {
			Outcome outcome = sides.run("nginx, POSTs", posts());
			assertThat(rate(outcome.pooled())).as("%s", outcome.pooled()).isLessThanOrEqualTo(rate(outcome.plain()));
			assertThat(outcome.pool().totals().ejections()).isZero();
		}
	}

	@Test
	void noPostFailsWhenServicesAreReplacedBeforeLimit() throws Exception {
		try (TwoSides sides = sides()
			.withPool("pool.instances.orders.max-requests-per-service=" + REQUESTS_PER_SERVICE)) {
			Outcome outcome = sides.run("nginx, POSTs, services replaced", posts());
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
			int services = outcome.pooled().succeeded() / REQUESTS_PER_SERVICE + outcome.pool().size().live();
			assertThat(sides.pooledConnections()).isLessThanOrEqualTo(services * 3 / 2);
		}
	}

	private static double rate(Calls calls) {
		return (double) calls.failed() / (calls.failed() + calls.succeeded());
	}

}
