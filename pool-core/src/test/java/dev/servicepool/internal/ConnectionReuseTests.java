package dev.servicepool.internal;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

import dev.servicepool.Lease;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the reuse of connections. If each request has a connection of its own, a
 * service probably has as many open connections as it recently had concurrent requests.
 * Of two services of a target, the one with an open connection to spare is preferred.
 */
class ConnectionReuseTests {

	private static final Duration COLD_AFTER = Duration.ofSeconds(20);

	private static final int SERVICES = 2;

	private final FakeServices services = new FakeServices();

	@Test
	void burstUsesOpenConnections() {
		PoolFixture fixture = pool(1);
		List<Long> connections = burst(fixture);
		fixture.pass(Duration.ofSeconds(15));
		load(1, 3);
		assertThat(burst(fixture)).isEqualTo(connections);
	}

	@Test
	void muchLowerLoadMattersMoreThanConnection() {
		PoolFixture fixture = pool(1);
		burst(fixture);
		load(1, 3.1);
		assertThat(burst(fixture)).containsExactly(20L, 0L);
	}

	/** A service without recent requests counts as one with one connection. */
	@Test
	void requestsOneAfterAnotherUseAllServices() {
		PoolFixture fixture = pool(1);
		fixture.hit(300);
		assertThat(requests(fixture)).allMatch((requests) -> requests > 100);
	}

	@Test
	void loadDeterminesSharesOfTargets() {
		PoolFixture fixture = pool(SERVICES);
		burst(fixture);
		load(1, 2);
		assertThat(burst(fixture)).containsExactly(20L, 0L);
	}

	@Test
	void loadDeterminesSharesOfServicesThatShareConnection() {
		this.services.each((service) -> {
			service.sharesConnection = true;
			service.connected = true;
		});
		PoolFixture fixture = pool(1);
		burst(fixture);
		load(1, 2);
		assertThat(burst(fixture)).containsExactly(20L, 0L);
	}

	@Test
	void unusedConnectionsAreForgotten() {
		PoolFixture fixture = pool(1);
		burst(fixture);
		for (int period = 0; period < 2; period++) {
			fixture.pass(COLD_AFTER);
			fixture.tick();
		}
		load(1, 3);
		assertThat(burst(fixture)).containsExactly(19L, 1L);
	}

	private PoolFixture pool(int targets) {
		return PoolFixture
			.of(this.services,
					(pool) -> pool.targets(List.of(Target.of("a"), Target.of("b")).subList(0, targets))
						.minServices(SERVICES)
						.maxServices(SERVICES)
						.maxConcurrency(20)
						.coldAfter(COLD_AFTER)
						.idleTimeout(Duration.ZERO))
			.started();
	}

	private void load(double... loads) {
		for (int i = 0; i < loads.length; i++) {
			this.services.get(i).load = loads[i];
		}
	}

	/** Send 20 concurrent requests, and return how many each service has received. */
	private static List<Long> burst(PoolFixture fixture) {
		List<Lease<String, String>> burst = fixture.leases(20);
		List<Long> inFlight = each(fixture, (service) -> service.load().inFlight());
		burst.forEach(Lease::succeed);
		return inFlight;
	}

	private static List<Long> requests(PoolFixture fixture) {
		return each(fixture, (service) -> service.totals().calls());
	}

	private static List<Long> each(PoolFixture fixture, ToLongFunction<ServiceSnapshot> figure) {
		return fixture.snapshot().services().stream().map(figure::applyAsLong).toList();
	}

}
