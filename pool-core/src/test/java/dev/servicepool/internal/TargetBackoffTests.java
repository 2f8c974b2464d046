package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import dev.servicepool.Lease;
import dev.servicepool.NoServiceException;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Failed creations of a service delay further creations for the same target only.
 */
class TargetBackoffTests {

	private static final Target A = Target.of("a");

	private static final Target B = Target.of("b");

	private final Set<Target> unreachable = new HashSet<>();

	private final FakeServices services = new FakeServices();

	private final PoolFixture fixture = PoolFixture.of(this.services, (pool) -> pool.targets(A, B).maxConcurrency(2));

	@Test
	void unreachableTargetDoesNotAffectOtherTargets() {
		start(A);
		assertThat(this.services.targets).containsExactly(A, B);
		assertThat(this.fixture.total()).isOne();
	}

	@Test
	void creationIsRetriedAfterBackoffOfTarget() {
		start(A);
		for (int millis : List.of(100, 200, 400)) {
			int attempts = this.services.targets.size();
			this.fixture.after(Duration.ofMillis(millis));
			assertThat(this.services.targets.subList(attempts, this.services.targets.size())).containsExactly(A);
		}
		this.unreachable.clear();
		this.fixture.after(Duration.ofMillis(800));
		assertThat(this.fixture.total()).isEqualTo(2);
	}

	@Test
	void poolScalesUpForOtherTargetsDuringBackoff() {
		start(A);
		this.fixture.leases(2);
		for (int i = 0; i < 6; i++) {
			this.fixture.ask();
		}
		this.fixture.settle();
		assertThat(this.services.targets.subList(2, this.services.targets.size())).isNotEmpty().containsOnly(B);
	}

	@Test
	void callersAreServedByReachableTarget() {
		start(A);
		for (int i = 0; i < 50; i++) {
			this.fixture.after(Duration.ofMillis(100)).hit(10);
		}
	}

	@Test
	void callersFailImmediatelyDuringBackoffOfAllTargets() {
		start(A, B);
		assertThat(this.services.targets).containsExactly(A, B);
		Waiter<String, String> waiter = this.fixture.ask();
		assertThat(waiter.isSettled()).isTrue();
		assertThatExceptionOfType(NoServiceException.class).isThrownBy(() -> this.fixture.lease(waiter))
			.withMessageContaining("last failure: java.io.IOException: no route to b")
			.withCauseInstanceOf(IOException.class);
	}

	@Test
	void callersWaitDuringCreationAttempt() {
		start(A, B);
		this.fixture.time.advance(Duration.ofMillis(100));
		Waiter<String, String> waiter = this.fixture.ask();
		assertThat(waiter.isSettled()).isFalse();
		this.fixture.settle();
		assertThat(waiter.rejection()).isNotNull();
	}

	@Test
	void recoveredTargetReceivesServiceWhenOtherTargetFilledPool() {
		PoolFixture fixture = breakServiceOf(A, (pool) -> pool.maxConcurrency(1).maxServices(2));
		fixture.scaleUp(2);
		assertThat(targets(fixture)).containsExactly(B, B);
		this.unreachable.clear();
		fixture.pass(Duration.ofMinutes(1));
		assertThat(targets(fixture)).containsExactlyInAnyOrder(A, B);
	}

	@Test
	void brokenServiceOfUnreachableTargetDelaysNoReplacementOfOthers() {
		PoolFixture fixture = breakServiceOf(A, (pool) -> pool.maxLifetime(Duration.ofMinutes(10)));
		fixture.pass(Duration.ofMinutes(11));
		assertThat(fixture.events).anySatisfy((event) -> assertThat(event.reason()).isEqualTo(Reason.MAX_LIFETIME));
		assertThat(targets(fixture)).containsExactly(B);
	}

	@Test
	void serviceOfUnreachableTargetDelaysNoReplacementOfYoungerOnes() {
		Duration lifetime = Duration.ofMinutes(30);
		PoolFixture fixture = PoolFixture
			.of(this.services.failing(this.unreachable), (pool) -> pool.targets(A).maxLifetime(lifetime))
			.started();
		fixture.pass(lifetime.dividedBy(2));
		fixture.pool.retarget(List.of(A, B));
		fixture.settle();
		this.unreachable.add(A);
		fixture.pass(lifetime.multipliedBy(2));
		assertThat(targets(fixture)).containsExactlyInAnyOrder(A, B);
		assertThat(this.services.targets).filteredOn(B::equals).hasSizeGreaterThan(1);
	}

	/** Start a pool, and let the service of a target break, whose server is down. */
	private PoolFixture breakServiceOf(Target target, UnaryOperator<PoolBuilder> options) {
		PoolFixture fixture = PoolFixture
			.of(this.services.failing(this.unreachable),
					(pool) -> options.apply(pool.targets(A, B).brokenWhen((failure) -> true)))
			.started();
		this.unreachable.add(target);
		List<Lease<String, String>> leases = new ArrayList<>();
		while (targets(fixture).contains(target)) {
			Lease<String, String> lease = fixture.lease();
			if (lease.target().equals(target)) {
				lease.fail(new IOException("broken"));
			}
			else {
				leases.add(lease);
			}
			fixture.settle();
		}
		leases.forEach(Lease::succeed);
		return fixture;
	}

	private static List<Target> targets(PoolFixture fixture) {
		return fixture.snapshot().services().stream().map((service) -> Target.of(service.target())).toList();
	}

	private void start(Target... unreachable) {
		this.unreachable.addAll(List.of(unreachable));
		this.services.failing(this.unreachable);
		this.fixture.started();
	}

}
