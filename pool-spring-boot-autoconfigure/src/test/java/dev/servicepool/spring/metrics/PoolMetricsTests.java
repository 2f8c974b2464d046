package dev.servicepool.spring.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.Target;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
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

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final PoolMetrics metrics = new PoolMetrics(this::pools);

	private final Pool<String, Integer> pool = Pool.builder()
		.name("lengths")
		.maxServices(1)
		.maxConcurrency(1)
		.listener(this.metrics)
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
	void countsServicesByState() throws Exception {
		this.metrics.bindTo(this.registry);
		assertThat(services("ready")).isZero();
		try (Lease<String, Integer> lease = this.pool.acquire(PATIENCE)) {
			assertThat(lease.target().name()).isEqualTo("lengths");
			assertThat(services("busy")).isOne();
			assertThat(services("ready")).isZero();
			assertThat(gauge("servicepool.in.flight")).isOne();
		}
		assertThat(services("ready")).isOne();
		assertThat(services("busy")).isZero();
		assertThat(gauge("servicepool.in.flight")).isZero();
		assertThat(gauge("servicepool.waiting")).isZero();
		assertThat(gauge("servicepool.load")).isEqualTo(this.pool.snapshot().load());
		this.pool.drain(PATIENCE);
		await().until(() -> services("ready") == 0);
	}

	@Test
	void countsCallsByOutcome() throws Exception {
		this.metrics.bindTo(this.registry);
		this.pool.call("four");
		this.pool.acquire(PATIENCE).failed(new IllegalStateException());
		this.pool.acquire(PATIENCE).unsent();
		Lease<String, Integer> lease = this.pool.acquire(PATIENCE);
		assertThatExceptionOfType(AcquireTimeoutException.class)
			.isThrownBy(() -> this.pool.acquire(Duration.ofMillis(1)));
		lease.close();
		for (String outcome : List.of("succeeded", "failed", "unsent", "unknown", "timed-out")) {
			assertThat(calls(outcome)).as(outcome).isOne();
		}
		assertThat(calls("rejected")).isZero();
	}

	@Test
	void countsMakesByOutcome() throws Exception {
		this.metrics.bindTo(this.registry);
		assertThat(makes("made")).isZero();
		this.pool.call("four");
		assertThat(makes("made")).isOne();
		this.pool.drain(PATIENCE);
		this.pool.call("four");
		assertThat(makes("made")).isEqualTo(2);
		assertThat(makes("failed")).isZero();
		assertThat(makes("discarded")).isZero();
	}

	@Test
	void timesHowLongCallersWait() throws Exception {
		this.pool.call("before it is bound");
		this.metrics.bindTo(this.registry);
		this.pool.call("at once");
		this.metrics.onAcquired("lengths", TimeUnit.MILLISECONDS.toNanos(5));
		this.metrics.onAcquired("unknown", 1);
		assertThat(this.registry.get("servicepool.acquire").tag("pool", "lengths").timer().count()).isEqualTo(2);
		assertThat(this.registry.get("servicepool.acquire").timer().max(TimeUnit.MILLISECONDS)).isEqualTo(5);
	}

	@Test
	void canBeBoundToSeveralRegistries() throws Exception {
		MeterRegistry other = new SimpleMeterRegistry();
		this.metrics.bindTo(this.registry);
		this.metrics.bindTo(other);
		this.pool.call("four");
		for (MeterRegistry registry : List.of(this.registry, other)) {
			assertThat(registry.get("servicepool.acquire").timer().count()).isOne();
			assertThat(registry.get("servicepool.calls").tag("outcome", "succeeded").functionCounter().count()).isOne();
		}
	}

	@Test
	void countsServicesAndRequestsByTarget() throws Exception {
		this.metrics.bindTo(this.registry);
		assertThat(this.registry.find("servicepool.target.services").gauges()).isEmpty();
		Lease<String, Integer> lease = this.pool.acquire(PATIENCE);
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
	void namesOnlySoManyTargets() {
		List<Target> targets = IntStream.rangeClosed(10, 34).mapToObj((number) -> Target.of("t" + number)).toList();
		try (Pool<String, Integer> wide = Pool.builder()
			.name("wide")
			.targets(targets)
			.build((target) -> Service.of(String::length))) {
			wide.start();
			await().until(() -> wide.snapshot().services().total() == 25);
			new PoolMetrics(() -> List.of(wide)).bindTo(this.registry);
			assertThat(this.registry.get("servicepool.target.services").gauges()).hasSize(TargetMeters.MOST + 1);
			assertThat(byTarget("servicepool.target.services", "t10")).isOne();
			assertThat(byTarget("servicepool.target.services", "others")).isEqualTo(5);
		}
	}

	private double byTarget(String name, String target) {
		return this.registry.get(name).tag("target", target).gauge().value();
	}

	@Test
	void hasFewTagsAndADescriptionOnEveryMeter() throws Exception {
		this.pool.call("four");
		this.metrics.bindTo(this.registry);
		List<Meter> meters = this.registry.getMeters();
		assertThat(meters).hasSize(21).allSatisfy((meter) -> {
			assertThat(meter.getId().getDescription()).isNotBlank();
			Set<String> tags = meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toSet());
			assertThat(Set.of("pool", "state", "outcome", "target")).containsAll(tags);
		});
		assertThat(meters).extracting((meter) -> meter.getId().getName() + " in " + meter.getId().getBaseUnit())
			.containsOnly("servicepool.services in services", "servicepool.calls in calls", "servicepool.load in null",
					"servicepool.in.flight in requests", "servicepool.waiting in callers",
					"servicepool.acquire in seconds", "servicepool.makes in attempts",
					"servicepool.ejections in ejections", "servicepool.target.services in services",
					"servicepool.target.in.flight in requests");
	}

	private double services(String state) {
		return this.registry.get("servicepool.services").tag("state", state).gauge().value();
	}

	private double calls(String outcome) {
		return this.registry.get("servicepool.calls").tag("outcome", outcome).functionCounter().count();
	}

	private double makes(String outcome) {
		return this.registry.get("servicepool.makes").tag("outcome", outcome).functionCounter().count();
	}

	private double gauge(String name) {
		return this.registry.get(name).tag("pool", "lengths").gauge().value();
	}

}
