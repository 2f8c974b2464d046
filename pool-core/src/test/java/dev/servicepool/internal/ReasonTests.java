package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.PoolBounds;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolEvent;
import dev.servicepool.ScaleUp;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The reason of each event: a scenario for every reason.
 */
class ReasonTests {

	private static final Target A = Target.of("a");

	private static final Target B = Target.of("b");

	@ParameterizedTest
	@EnumSource
	void reasonIsReportedByItsDecision(Reason reason) throws Exception {
		PoolFixture fixture = fixtureWithEventFor(reason);
		assertThat(fixture.events).filteredOn((event) -> event.reason() != null)
			.isNotEmpty()
			.allSatisfy((event) -> assertThat(event.reason()).isEqualTo(reason))
			.allSatisfy((event) -> assertThat(event.type()).isEqualTo(reason.type()));
	}

	private PoolFixture fixtureWithEventFor(Reason reason) throws Exception {
		return switch (reason) {
			case LOW_LOAD -> single().scaleUp(2).hit(326);
			case IDLE -> PoolFixture.of((pool) -> pool.maxConcurrency(1).idleTimeout(Duration.ofMinutes(1)))
				.started()
				.scaleUp(2)
				.pass(Duration.ofSeconds(70));
			case MAX_LIFETIME -> PoolFixture.of((pool) -> pool.maxLifetime(Duration.ofMinutes(1)))
				.started()
				.after(Duration.ofMinutes(1));
			case MAX_REQUESTS -> PoolFixture.of((pool) -> pool.maxRequestsPerService(10)).started().hit(20).settle();
			case MAX_IDLE_TIME -> PoolFixture.of((pool) -> pool.maxIdleTime(Duration.ofSeconds(30)))
				.started()
				.hit(1)
				.pass(Duration.ofSeconds(61));
			case OUTDATED -> outdated();
			case REPLACED -> replaced();
			case SLOT_NEEDED -> retargeted((pool) -> pool.minServices(2).maxServices(2), List.of(A, B));
			case TARGET_REMOVED -> retargeted((pool) -> pool, List.of(B));
			case TARGET_DRAINED -> targetDrained();
			case MAX_LOWERED -> maxLowered();
			case POOL_DRAINED -> drained();
			case POOL_CLOSED -> closed();
			case FAILED -> failed();
			case CREATION_IN_PROGRESS -> scalesDownWhileScalingUp();
			case HEADROOM -> PoolFixture.of((pool) -> pool.maxConcurrency(1)).started().scaleUp(2).hit(400);
			case MAX_SERVICES -> overloaded(PoolFixture.of((pool) -> pool.maxConcurrency(1).maxServices(1)).started());
			case BACKOFF ->
				overloaded(overloaded(PoolFixture
					.of(new FakeServices().creations(FakeServices.ok(),
							FakeServices.fails(new IOException("no route"))), (pool) -> pool.maxConcurrency(1))
					.started()));
			case ALL_SUSPENDED -> overloadedDuringPause();
		};
	}

	private PoolFixture single() {
		return PoolFixture.of((pool) -> pool.maxConcurrency(1).headroomWindow(Duration.ZERO)).started();
	}

	private PoolFixture retargeted(UnaryOperator<PoolBuilder> options, List<Target> targets) {
		PoolFixture fixture = PoolFixture.of((pool) -> options.apply(pool.targets(A))).started();
		fixture.pool.retarget(targets);
		return fixture.settle();
	}

	private PoolFixture drained() throws InterruptedException {
		PoolFixture fixture = single();
		fixture.pool.drain(Duration.ZERO);
		return fixture;
	}

	private PoolFixture targetDrained() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.targets(A, B)).started();
		fixture.pool.drainTarget("a", "maintenance");
		return fixture.settle();
	}

	private PoolFixture maxLowered() {
		PoolFixture fixture = single().scaleUp(3);
		fixture.pool.changeBounds(new PoolBounds(null, 2, null, null), "fewer licenses");
		return fixture.settle();
	}

	private PoolFixture outdated() {
		PoolFixture fixture = single();
		fixture.pool.replaceServices("new certificate");
		return fixture.settle();
	}

	private PoolFixture closed() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.closeTimeout(Duration.ZERO)).started();
		fixture.pool.close();
		return fixture;
	}

	private PoolFixture failed() {
		PoolFixture fixture = PoolFixture.of(new FakeServices().polled(), (pool) -> pool).started();
		fixture.services.get(0).pollFailure = new IOException("gone");
		return fixture.miss();
	}

	private PoolFixture replaced() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.maxSurge(1).failureClassifier((failure) -> Outcome.NO_RESPONSE))
			.started();
		fixture.lease().fail(new IOException("timed out"));
		fixture.settle().after(Duration.ofMillis(1)).lease().succeed();
		return fixture.after(Duration.ofSeconds(1));
	}

	private PoolFixture scalesDownWhileScalingUp() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.urgency(0.5).underutilizedBelow(0.01).loadedAbove(0.5).maxConcurrency(2))
			.started();
		fixture.scaleUp(2);
		List<Lease<String, String>> leases = fixture.leases(4);
		fixture.miss(4);
		leases.forEach(Lease::succeed);
		return fixture.hit(6);
	}

	private PoolFixture overloaded(PoolFixture fixture) {
		while (fixture.pool.tryAcquire() != null) {
			// Acquire all permits.
		}
		return fixture.miss(10).settle();
	}

	private PoolFixture overloadedDuringPause() {
		PoolFixture fixture = PoolFixture
			.of(new FakeServices().creations(FakeServices.ok(), FakeServices.ok(),
					FakeServices.fails(new IOException("no route"))),
					(pool) -> pool.targets(A, Target.of("b")).maxConcurrency(2).scaleUp(ScaleUp.SINGLE))
			.started();
		fixture.lease().pauseFor(Duration.ofSeconds(7));
		for (int i = 0; i < 100; i++) {
			fixture.ask();
			fixture.settle();
		}
		return fixture;
	}

	@Test
	void reasonOfAnotherTypeIsInvalid() {
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> new PoolEvent("test", 1, Instant.EPOCH, Type.RETIRED, Reason.HEADROOM, "because", null, 1))
			.withMessage("reason must be a reason of RETIRED events but was HEADROOM");
	}

}
