package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.servicepool.Lease;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a pool has learned about its servers, and forgets when it is reset.
 */
class ResetTests {

	private final FakeServices services = new FakeServices();

	private final PoolFixture fixture = PoolFixture
		.of(this.services,
				(pool) -> pool.targets(Target.of("a"), Target.of("b"))
					.minServices(3)
					.maxServices(3)
					.maxConcurrency(4)
					.outlierDetection((detection) -> detection.consecutiveFailures(2)))
		.started();

	@Test
	void ejectedServiceIsReadmittedWithoutProbation() {
		eject("a");
		assertThat(this.fixture.snapshot().size().ejected()).isPositive();
		reset();
		PoolSnapshot snapshot = this.fixture.snapshot();
		assertThat(snapshot.size().ejected()).isZero();
		assertThat(snapshot.services()).allSatisfy((service) -> assertThat(service.load().limit()).hasValue(4));
		assertThat(lastMessage()).isEqualTo("1 ejection, 0 pauses and 0 learned limits ended; test");
	}

	@Test
	void nextEjectionIsAsShortAsFirstOne() {
		eject("b");
		Duration first = remaining();
		reset();
		eject("b");
		assertThat(remaining()).isEqualTo(first);
	}

	@Test
	void failureBeforeResetDoesNotCount() {
		fail("b");
		reset();
		fail("b");
		assertThat(this.fixture.snapshot().size().ejected()).isZero();
	}

	@Test
	void pausedServiceIsResumed() {
		lease("b").pauseFor(Duration.ofSeconds(20));
		assertThat(this.fixture.snapshot().size().paused()).isOne();
		reset();
		assertThat(this.fixture.snapshot().size().paused()).isZero();
		assertThat(lastMessage()).isEqualTo("0 ejections, 1 pause and 0 learned limits ended; test");
	}

	@Test
	void learnedLimitIsForgotten() {
		List<Lease<String, String>> leases = this.fixture.leases(12);
		((PoolLease<String, String>) leases.get(0)).endRefused();
		Waiter<String, String> waiter = this.fixture.ask();
		assertThat(waiter.isSettled()).isFalse();
		reset();
		assertThat(waiter.isSettled()).isTrue();
		assertThat(lastMessage()).isEqualTo("0 ejections, 0 pauses and 1 learned limit ended; test");
	}

	@Test
	void targetThatIsBackingOffIsTriedAgain() {
		Set<Target> down = new HashSet<>(Set.of(Target.of("c")));
		this.services.failing(down);
		this.fixture.pool.retarget(List.of(Target.of("c")));
		this.fixture.settle();
		down.clear();
		assertThat(this.fixture.settle().total()).isZero();
		reset();
		assertThat(this.fixture.total()).isEqualTo(3);
	}

	@Test
	void outageIsForgotten() {
		for (int i = 0; i < 10; i++) {
			this.fixture.lease().fail(new IOException("down"));
		}
		assertThat(this.fixture.snapshot().health().outage()).isNotNull();
		reset();
		assertThat(this.fixture.snapshot().health().outage()).isNull();
	}

	@Test
	void drainedTargetStaysDrained() {
		this.fixture.pool.drainTarget("a", "test");
		reset();
		assertThat(this.fixture.snapshot().health().drainedTargets()).containsExactly("a");
	}

	@Test
	void replacementInProgressIsNotBegunAgain() {
		assertThat(this.fixture.pool.tryReplaceServices("test")).isTrue();
		assertThat(this.fixture.pool.tryReplaceServices("test")).isFalse();
		this.fixture.settle().pass(Duration.ofSeconds(5));
		assertThat(this.fixture.count(Type.REPLACEMENT_BEGUN)).isOne();
		assertThat(this.fixture.services.created).hasSize(6);
		assertThat(this.fixture.pool.tryReplaceServices("test")).isTrue();
	}

	private void reset() {
		this.fixture.pool.reset("test");
		this.fixture.settle();
	}

	private void eject(String target) {
		while (this.fixture.snapshot().size().ejected() == 0) {
			fail(target);
		}
	}

	private void fail(String target) {
		lease(target).fail(new IOException("reset"));
	}

	private Lease<String, String> lease(String target) {
		Lease<String, String> lease = this.fixture.pool.tryAcquire((each) -> each.name().equals(target));
		assertThat(lease).isNotNull();
		return lease;
	}

	private Duration remaining() {
		return this.fixture.snapshot()
			.services()
			.stream()
			.filter((service) -> service.suspension() != null)
			.findFirst()
			.orElseThrow()
			.suspension()
			.remaining();
	}

	private String lastMessage() {
		return this.fixture.events.stream()
			.filter((event) -> event.type() == Type.RESET)
			.map(PoolEvent::message)
			.reduce((first, second) -> second)
			.orElseThrow();
	}

}
