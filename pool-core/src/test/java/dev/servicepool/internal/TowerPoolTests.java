package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;

import dev.servicepool.Lease;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The scenarios that specify the original pool in the Rust library tower. The test
 * methods have the names of tower's tests.
 */
class TowerPoolTests {

	@Test
	void basic() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.loadMetric(LoadMetric.constant()));
		assertThat(fixture.pool.tryAcquire()).as("lease before the first service is created").isNull();
		fixture.settle();
		assertThat(fixture.pool.call("one")).isEqualTo("service-1: one");
	}

	@Test
	void high_load() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.urgency(1).underutilizedBelow(0).loadedAbove(0.5).maxServices(2).maxConcurrency(1))
			.started();
		Lease<String, String> first = fixture.lease();
		assertThat(first.service()).isSameAs(fixture.services.get(0));
		fixture.miss().settle();
		assertThat(fixture.total()).as("services after a request that found no ready service").isEqualTo(2);
		Lease<String, String> second = fixture.lease();
		assertThat(second.service()).as("service of the second request").isSameAs(fixture.services.get(1));
		fixture.miss(100).settle();
		assertThat(fixture.services.targets).as("created services").hasSize(2);
		first.succeed();
		second.succeed();
		assertThat(fixture.snapshot().totals().calls().succeeded()).isEqualTo(2);
	}

	@Test
	void low_load() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.urgency(1).maxConcurrency(1).headroomWindow(Duration.ZERO))
			.started();
		Lease<String, String> first = fixture.lease();
		fixture.miss().settle();
		assertThat(fixture.total()).as("services after a pending sample").isEqualTo(2);
		fixture.lease().succeed();
		fixture.snapshot();
		fixture.settle();
		assertThat(fixture.total()).as("services after ready samples").isEqualTo(1);
		assertThat(fixture.services.get(1).closes).isOne();
		first.succeed();
		fixture.hit(1000).settle();
		assertThat(fixture.total()).as("the last service is never removed").isEqualTo(1);
		assertThat(fixture.services.get(0).closes).isZero();
		assertThat(fixture.count(Type.RETIRED)).isOne();
	}

	@Test
	void failing_service() {
		PoolFixture fixture = PoolFixture.of(new FakeServices().polled(), (pool) -> pool).started();
		fixture.hit(1);
		fixture.services.get(0).pollFailure = new IOException("gone");
		fixture.miss();
		assertThat(fixture.total()).isZero();
		fixture.settle();
		assertThat(fixture.services.get(0).closes).as("closes of the evicted service").isOne();
		assertThat(fixture.total()).as("services after the replacement").isEqualTo(1);
		assertThat(fixture.lease().service()).isSameAs(fixture.services.get(1));
		assertThat(fixture.decisions()).containsExactly(Type.CREATED, Type.JOINED, Type.EVICTED, Type.DRAINED,
				Type.CREATED, Type.JOINED);
	}

}
