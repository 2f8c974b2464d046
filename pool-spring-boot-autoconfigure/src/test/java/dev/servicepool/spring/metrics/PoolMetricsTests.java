package dev.servicepool.spring.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.LoadLevel;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PoolMetrics}.
 */
class PoolMetricsTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final PoolMetrics metrics = new PoolMetrics(this::pools, Duration.ZERO);

	private final Pool<String, Integer> pool = Pool.builder()
		.name("lengths")
		.maxServices(1)
		.maxConcurrency(1)
		.listener(this.metrics)
		.timingListener(this.metrics)
		.build((target) -> Service.of(String::length));

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private List<Pool<?, ?>> pools() {
		return List.of(this.pool);
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	@Test
	void servicesAreCountedByState() throws Exception {
		this.metrics.bindTo(this.registry);
		assertThat(services("ready")).isZero();
		try (Lease<String, Integer> lease = this.pool.acquire(TIMEOUT)) {
			assertThat(lease.target().name()).isEqualTo("lengths");
			assertThat(services("busy")).isOne();
			assertThat(services("ready")).isZero();
			assertThat(gauge("servicepool.in.flight")).isOne();
		}
		assertThat(services("ready")).isOne();
		assertThat(services("busy")).isZero();
		assertThat(gauge("servicepool.in.flight")).isZero();
		assertThat(gauge("servicepool.waiting")).isZero();
		assertThat(gauge("servicepool.load.estimate")).isEqualTo(this.pool.snapshot().load().estimate());
		this.pool.drain(TIMEOUT);
		await().until(() -> services("ready") == 0);
	}

	@Test
	void callsAreCountedByOutcome() throws Exception {
		this.metrics.bindTo(this.registry);
		this.pool.call("four");
		this.pool.acquire(TIMEOUT).fail(new IllegalStateException());
		this.pool.acquire(TIMEOUT).returnUnsent();
		Lease<String, Integer> lease = this.pool.acquire(TIMEOUT);
		assertThatExceptionOfType(AcquireTimeoutException.class)
			.isThrownBy(() -> this.pool.acquire(Duration.ofMillis(1)));
		lease.close();
		for (String outcome : List.of("SUCCESS", "FAILURE", "UNSENT", "UNKNOWN", "TIMEOUT")) {
			assertThat(calls(outcome)).as(outcome).isOne();
		}
		assertThat(calls("REJECTED")).isZero();
	}

	@Test
	void creationsAreCountedByOutcome() throws Exception {
		this.metrics.bindTo(this.registry);
		assertThat(creations("SUCCESS")).isZero();
		this.pool.call("four");
		assertThat(creations("SUCCESS")).isOne();
		this.pool.drain(TIMEOUT);
		this.pool.call("four");
		assertThat(creations("SUCCESS")).isEqualTo(2);
		assertThat(creations("FAILURE")).isZero();
		assertThat(creations("DISCARDED")).isZero();
	}

	@Test
	void acquireTimerRecordsWaitTimes() throws Exception {
		this.pool.call("before binding");
		this.metrics.bindTo(this.registry);
		this.pool.call("without waiting");
		this.metrics.onAcquired("lengths", TimeUnit.MILLISECONDS.toNanos(5));
		this.metrics.onAcquired("unknown", 1);
		assertThat(this.registry.get("servicepool.acquire").tag("pool", "lengths").timer().count()).isEqualTo(2);
		assertThat(this.registry.get("servicepool.acquire").timer().max(TimeUnit.MILLISECONDS)).isEqualTo(5);
	}

	@Test
	void metersAreBoundToSeveralRegistries() throws Exception {
		MeterRegistry other = new SimpleMeterRegistry();
		this.metrics.bindTo(this.registry);
		this.metrics.bindTo(other);
		this.pool.call("four");
		for (MeterRegistry registry : List.of(this.registry, other)) {
			assertThat(registry.get("servicepool.acquire").timer().count()).isOne();
			assertThat(registry.get("servicepool.calls").tag("outcome", "SUCCESS").functionCounter().count()).isOne();
		}
	}

	@Test
	void servicesAndRequestsAreCountedByTarget() throws Exception {
		this.metrics.bindTo(this.registry);
		assertThat(this.registry.find("servicepool.target.services").gauges()).isEmpty();
		Lease<String, Integer> lease = this.pool.acquire(TIMEOUT);
		await().until(() -> !this.registry.find("servicepool.target.services").gauges().isEmpty());
		assertThat(byTarget("servicepool.target.services", "lengths")).isOne();
		assertThat(byTarget("servicepool.target.in.flight", "lengths")).isOne();
		lease.close();
		assertThat(byTarget("servicepool.target.in.flight", "lengths")).isZero();
		this.pool.retarget(List.of(Target.of("other")));
		await().until(() -> this.registry.find("servicepool.target.services").tag("target", "other").gauge() != null);
		await().until(() -> this.registry.find("servicepool.target.services").tag("target", "lengths").gauge() == null);
	}

	@Test
	void numberOfTargetTagsIsLimited() {
		List<Target> targets = IntStream.rangeClosed(10, 34).mapToObj((number) -> Target.of("t" + number)).toList();
		try (Pool<String, Integer> wide = Pool.builder()
			.name("wide")
			.targets(targets)
			.build((target) -> Service.of(String::length))) {
			wide.start();
			await().until(() -> wide.snapshot().size().live() == 25);
			new PoolMetrics(() -> List.of(wide), Duration.ZERO).bindTo(this.registry);
			assertThat(this.registry.get("servicepool.target.services").gauges()).hasSize(TargetMeters.MOST + 1);
			assertThat(byTarget("servicepool.target.services", "t10")).isOne();
			assertThat(byTarget("servicepool.target.services", "others")).isEqualTo(5);
		}
	}

	private double byTarget(String name, String target) {
		return this.registry.get(name).tag("target", target).gauge().value();
	}

	@Test
	void leasesAndCreationsAreTimed() throws Exception {
		this.metrics.bindTo(this.registry);
		this.pool.call("creates a service");
		this.metrics.onReleased("lengths", TimeUnit.HOURS.toNanos(1));
		assertThat(this.registry.get("servicepool.lease").tag("pool", "lengths").timer().count()).isEqualTo(2);
		assertThat(this.registry.get("servicepool.lease").timer().max(TimeUnit.HOURS)).isOne();
		await().until(() -> this.registry.get("servicepool.creation").tag("pool", "lengths").timer().count() == 1);
	}

	@Test
	void retirementsAndVetoesAreCountedByReason() throws Exception {
		this.pool.call("before binding");
		this.pool.drain(TIMEOUT);
		this.metrics.bindTo(this.registry);
		assertThat(byReason("servicepool.retirements", "pool-drained")).isOne();
		assertThat(byReason("servicepool.retirements", "idle")).isZero();
		Lease<String, Integer> lease = this.pool.acquire(TIMEOUT);
		for (int i = 0; i < 10; i++) {
			assertThat(this.pool.tryAcquire()).isNull();
		}
		lease.close();
		await().until(() -> byReason("servicepool.vetoes", "max-services") == 1);
		assertThat(byReason("servicepool.vetoes", "headroom")).isZero();
	}

	@Test
	void suspectedLeaksAreCounted() {
		this.metrics.bindTo(this.registry);
		assertThat(count("servicepool.leaks")).isZero();
		this.metrics.onEvent(new PoolEvent("lengths", 1, Instant.EPOCH, PoolEvent.Type.LEAK_SUSPECTED, null,
				"lease active for 1m (leakDetectionThreshold=1m)", 1L, 1));
		assertThat(count("servicepool.leaks")).isOne();
	}

	@Test
	void pausedServiceIsNotCountedAsBusy() throws Exception {
		try (Pool<String, Integer> two = Pool.builder()
			.name("two")
			.targets(Target.of("one"), Target.of("other"))
			.maxConcurrency(1)
			.build((target) -> Service.of(String::length))) {
			new PoolMetrics(() -> List.of(two), Duration.ZERO).bindTo(this.registry);
			two.start();
			await().until(() -> services("ready") == 2);
			try (Lease<String, Integer> lease = two.acquire(TIMEOUT)) {
				lease.pauseFor(TIMEOUT);
				assertThat(services("paused")).isOne();
				assertThat(services("busy")).isZero();
			}
		}
	}

	@Test
	void loadLevelAndThresholdsAreShown() throws Exception {
		this.metrics.bindTo(this.registry);
		assertThat(threshold("low")).isEqualTo(this.pool.settings().underutilizedBelow());
		assertThat(threshold("high")).isEqualTo(this.pool.settings().loadedAbove());
		assertThat(gauge("servicepool.level")).isZero();
		try (Lease<String, Integer> lease = this.pool.acquire(TIMEOUT)) {
			while (this.pool.snapshot().load().level() != LoadLevel.HIGH) {
				assertThat(this.pool.tryAcquire()).isNull();
			}
			assertThat(gauge("servicepool.level")).as("level while %s is active", lease).isOne();
		}
	}

	@Test
	void targetLimitShowsLearnedLimit() throws Exception {
		try (Pool<String, Integer> pool = Pool.builder()
			.name("limited")
			.acquireTimeout(Duration.ofMillis(1))
			.maxServices(1)
			.maxConcurrency(5)
			.build((target) -> Service.of(String::length))) {
			Lease<String, Integer> first = pool.acquire(TIMEOUT);
			new PoolMetrics(() -> List.of(pool), Duration.ZERO).bindTo(this.registry);
			assertThat(byTarget("servicepool.target.limit", "limited")).isEqualTo(5);
			Lease<String, Integer> second = pool.acquire(TIMEOUT);
			Lease<String, Integer> third = pool.acquire(TIMEOUT);
			assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(third::awaitLeaseAfterRefusal);
			assertThat(byTarget("servicepool.target.limit", "limited")).isEqualTo(2);
			first.close();
			second.close();
		}
	}

	@Test
	void targetLimitIsNanWhenConcurrencyIsUnlimited() throws Exception {
		try (Pool<String, Integer> pool = Pool.builder().name("any").build((target) -> Service.of(String::length))) {
			pool.call("four");
			new PoolMetrics(() -> List.of(pool), Duration.ZERO).bindTo(this.registry);
			assertThat(byTarget("servicepool.target.limit", "any")).isNaN();
		}
	}

	@Test
	void metersAreRemovedWhenPoolIsClosed() throws Exception {
		MeterRegistry other = new SimpleMeterRegistry();
		this.metrics.bindTo(this.registry);
		this.metrics.bindTo(other);
		this.pool.call("four");
		await().until(() -> !this.registry.find("servicepool.target.services").gauges().isEmpty());
		this.registry.counter("servicepool.mine", "pool", "lengths");
		this.pool.close();
		assertThat(this.registry.getMeters()).as("meters of the application")
			.singleElement()
			.satisfies((meter) -> assertThat(meter.getId().getName()).isEqualTo("servicepool.mine"));
		assertThat(other.getMeters()).isEmpty();
		this.metrics.onEvent(new PoolEvent("lengths", 9, Instant.EPOCH, PoolEvent.Type.DRAINED, null,
				"close did not return within 30s (closeTimeout)", 1L, 0));
		assertThat(other.getMeters()).as("meters after a late event").isEmpty();
	}

	@Test
	void metersOfOtherPoolsRemainWhenPoolIsClosed() {
		try (Pool<String, Integer> other = Pool.builder().name("other").build((target) -> Service.of(String::length))) {
			PoolMetrics both = new PoolMetrics(() -> List.of(this.pool, other), Duration.ZERO);
			both.bindTo(this.registry);
			both.onClosed("lengths");
			assertThat(this.registry.getMeters()).isNotEmpty()
				.allSatisfy((meter) -> assertThat(meter.getId().getTag("pool")).isEqualTo("other"));
		}
	}

	@Test
	void everyMeterHasDescription() throws Exception {
		this.pool.call("four");
		this.metrics.bindTo(this.registry);
		assertThat(this.registry.getMeters()).isNotEmpty()
			.allSatisfy((meter) -> assertThat(meter.getId().getDescription()).isNotBlank());
	}

	private double services(String state) {
		return this.registry.get("servicepool.services").tag("state", state).gauge().value();
	}

	private double calls(String outcome) {
		return this.registry.get("servicepool.calls").tag("outcome", outcome).functionCounter().count();
	}

	private double creations(String outcome) {
		return this.registry.get("servicepool.creations").tag("outcome", outcome).functionCounter().count();
	}

	private double threshold(String level) {
		return this.registry.get("servicepool.threshold").tag("level", level).gauge().value();
	}

	private double byReason(String name, String reason) {
		return this.registry.get(name).tag("reason", reason).functionCounter().count();
	}

	private double count(String name) {
		return this.registry.get(name).tag("pool", "lengths").functionCounter().count();
	}

	private double gauge(String name) {
		return this.registry.get(name).tag("pool", "lengths").gauge().value();
	}

}
