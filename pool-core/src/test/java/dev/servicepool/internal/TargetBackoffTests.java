package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.servicepool.NoServiceException;
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

	private void start(Target... unreachable) {
		this.unreachable.addAll(List.of(unreachable));
		this.services.failing(this.unreachable);
		this.fixture.started();
	}

}
