package dev.servicepool.spring.actuate;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Lease;
import dev.servicepool.NoServiceException;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PoolHealthContributor}.
 */
class PoolHealthContributorTests {

	private final AtomicBoolean failing = new AtomicBoolean();

	private final AtomicInteger created = new AtomicInteger();

	private final AtomicInteger calls = new AtomicInteger();

	private final ServiceFactory<String, Integer> factory = (target) -> {
		if (this.failing.get()) {
			throw new IOException("no license");
		}
		this.created.incrementAndGet();
		return Service.of((request) -> this.calls.incrementAndGet());
	};

	@Test
	void everyCurrentPoolHasContributor() {
		try (Pool<?, ?> orders = pool("orders"); Pool<?, ?> search = pool("search")) {
			PoolHealthContributor health = new PoolHealthContributor(() -> List.of(orders, search),
					(name) -> "search".equals(name) ? search : null, (pool) -> false);
			assertThat(health.stream()).extracting((entry) -> entry.name()).containsExactly("orders", "search");
			assertThat(health.getContributor("search")).isInstanceOf(HealthIndicator.class);
			assertThat(health.getContributor("unknown")).isNull();
		}
	}

	@Test
	void unusedPoolIsUpAndCreatesNoService() {
		try (Pool<?, ?> pool = pool("orders")) {
			Health health = health(pool, true);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsOnlyKeys("level", "size", "inFlight", "waiting");
			assertThat(this.created).as("services created by the health check").hasValue(0);
		}
	}

	@Test
	void detailsShowCurrentStateOfPool() throws Exception {
		try (Pool<String, Integer> pool = pool("orders"); Lease<String, Integer> lease = pool.acquire()) {
			assertThat(lease.target().name()).isEqualTo("orders");
			assertThat(health(pool, true).getDetails()).containsEntry("level", "normal")
				.containsEntry("size",
						new PoolEndpoint.SizeDescriptor(1, new PoolSnapshot.Size(0, 1, 0, 0, 0, 0, 0, 0)))
				.containsEntry("inFlight", 1)
				.containsEntry("waiting", 0);
			assertThat(this.calls).as("requests sent by the health check").hasValue(0);
		}
	}

	@Test
	void upWithLastFailureWhenCreationFails() {
		this.failing.set(true);
		try (Pool<String, Integer> pool = pool("orders")) {
			assertThatExceptionOfType(NoServiceException.class).isThrownBy(() -> pool.call("any"));
			Health health = health(pool, false);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails().get("lastFailure"))
				.isInstanceOfSatisfying(PoolEndpoint.EventDescriptor.class, (failure) -> {
					assertThat(failure.type()).isEqualTo("creation-failed");
					assertThat(failure.message()).isEqualTo("for orders: java.io.IOException: no license");
				});
		}
	}

	@Test
	void outOfServiceWhenEnabledAndCreationFails() {
		this.failing.set(true);
		try (Pool<String, Integer> pool = pool("orders")) {
			assertThatExceptionOfType(NoServiceException.class).isThrownBy(() -> pool.call("any"));
			assertThat(health(pool, true).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
			this.failing.set(false);
			await().until(() -> health(pool, true).getStatus().equals(Status.UP));
		}
	}

	@Test
	void upWhenServerOfOnlyTargetAsksForPause() throws Exception {
		try (Pool<String, Integer> pool = pool("orders")) {
			try (Lease<String, Integer> lease = pool.acquire()) {
				lease.pauseFor(Duration.ofSeconds(30));
			}
			assertThat(health(pool, true).getStatus()).isEqualTo(Status.UP);
			assertThat(pool.call("any")).isNotNull();
		}
	}

	@Test
	void upWhenAllServicesAreBusy() throws Exception {
		try (Pool<String, Integer> pool = pool("orders"); Lease<String, Integer> lease = pool.acquire()) {
			assertThat(pool.snapshot().size().ready()).isZero();
			assertThat(health(pool, true).getStatus()).as("status while %s is active", lease).isEqualTo(Status.UP);
		}
	}

	@Test
	void upWhenPoolIsDrained() throws Exception {
		try (Pool<String, Integer> pool = pool("orders")) {
			pool.call("any");
			assertThat(pool.drain(Duration.ofSeconds(10))).isTrue();
			assertThat(pool.snapshot().size().live()).isZero();
			assertThat(health(pool, true).getStatus()).isEqualTo(Status.UP);
		}
	}

	private Pool<String, Integer> pool(String name) {
		return Pool.builder()
			.name(name)
			.maxServices(1)
			.maxConcurrency(1)
			.backoff(Duration.ofMillis(100))
			.build(this.factory);
	}

	private static Health health(Pool<?, ?> pool, boolean outOfService) {
		HealthIndicator indicator = (HealthIndicator) new PoolHealthContributor(() -> List.of(pool), (name) -> pool,
				(name) -> outOfService)
			.getContributor(pool.name());
		return indicator.health();
	}

}
