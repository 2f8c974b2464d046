package dev.servicepool.internal;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.servicepool.InvalidSettingException;
import dev.servicepool.Lease;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Target lists that change while the pool is in use.
 */
class RetargetingTests {

	private final PoolFixture fixture = pool(4, "a", "b");

	@Test
	void eachTargetHasServiceFromStart() {
		assertThat(targets()).containsExactly("a", "b");
	}

	@Test
	void newTargetReceivesService() {
		retarget("a", "b", "c");
		assertThat(targets()).containsExactly("a", "b", "c");
		assertThat(lastMessage(Type.TARGETS_CHANGED)).isEqualTo("3 targets: a, b, c");
	}

	@Test
	void newTargetReceivesServiceAboveMinServices() {
		this.fixture.scaleUp(3);
		retarget("b", "c", "a");
		assertThat(targets()).containsExactly("a", "b", "a", "c");
		assertThat(lastMessage(Type.CREATED)).isEqualTo("c had no service");
	}

	@Test
	void newTargetReplacesServiceWhenPoolIsFull() {
		this.fixture.scaleUp(4);
		retarget("a", "b", "c");
		assertThat(targets()).containsExactly("a", "b", "a", "c");
		assertThat(lastMessage(Type.RETIRED)).isEqualTo("slot needed for the first service for c");
	}

	@Test
	void fullPoolKeepsOnlyServiceOfEachTarget() {
		retarget("a", "b", "c", "d");
		retarget("a", "b", "c", "d", "e");
		assertThat(targets()).containsExactly("a", "b", "c", "d");
		this.fixture.pass(Duration.ofSeconds(30));
		assertThat(targets()).containsExactly("a", "b", "c", "d");
		assertThat(this.fixture.count(Type.RETIRED)).isZero();
	}

	@Test
	void defaultMaximumFollowsNumberOfTargets() {
		PoolFixture following = PoolFixture.of((pool) -> pool.targets(targets("a", "b")).defaultMaxServices(2))
			.started();
		following.pool.retarget(targets("a", "b", "c", "d"));
		following.settle();
		assertThat(following.snapshot().services()).extracting(PoolSnapshot.ServiceSnapshot::target)
			.containsExactly("a", "b", "c", "d");
		assertThat(following.snapshot().settings().maxServices()).isEqualTo(4);
		following.pool.retarget(targets("a"));
		following.settle();
		assertThat(following.snapshot().services()).hasSize(1);
		assertThat(following.snapshot().settings().maxServices()).isEqualTo(2);
	}

	@Test
	void defaultMaximumAllowsServiceForEachTargetFromStart() {
		PoolFixture following = PoolFixture.of((pool) -> pool.targets(targets("a", "b", "c")).defaultMaxServices(2))
			.started();
		following.settle();
		assertThat(following.snapshot().services()).hasSize(3);
	}

	@Test
	void explicitMaximumDoesNotFollowNumberOfTargets() {
		PoolFixture fixed = PoolFixture.of((pool) -> pool.maxServices(2).defaultMaxServices(4).targets(targets("a")))
			.started();
		fixed.pool.retarget(targets("a", "b", "c"));
		fixed.settle();
		assertThat(fixed.snapshot().services()).hasSize(2);
		assertThat(fixed.snapshot().settings().maxServices()).isEqualTo(2);
	}

	@Test
	void servicesOfRemovedTargetDrain() {
		Lease<String, String> first = this.fixture.lease();
		Lease<String, String> second = this.fixture.lease();
		Lease<String, String> ofA = first.target().name().equals("a") ? first : second;
		retarget("b");
		assertThat(targets()).containsExactly("b");
		assertThat(this.fixture.snapshot().size().retired()).isOne();
		assertThat(lastMessage(Type.RETIRED)).isEqualTo("target a was removed");
		ofA.succeed();
		this.fixture.settle();
		assertThat(this.fixture.snapshot().size().retired()).isZero();
		assertThat(this.fixture.services.get(0).closes).isOne();
	}

	@Test
	void callersWaitWhenAllTargetsChange() {
		Waiter<String, String> waiter;
		this.fixture.pool.retarget(targets("c", "d"));
		waiter = this.fixture.ask();
		assertThat(waiter.isSettled()).isFalse();
		this.fixture.settle();
		assertThat(waiter.isSettled()).isTrue();
		assertThat(targets()).containsExactly("c", "d");
	}

	@Test
	void serviceCreatedForRemovedTargetIsClosed() {
		this.fixture.services.creations(FakeServices.takes(() -> this.fixture.pool.retarget(targets("a", "b"))));
		retarget("a", "b", "c");
		assertThat(targets()).containsExactly("a", "b");
		assertThat(this.fixture.snapshot().totals().creations().discardedLate()).isOne();
		assertThat(this.fixture.services.get(2).closes).isOne();
	}

	@Test
	void sameTargetsInOtherOrderChangeNothing() {
		retarget("b", "a");
		assertThat(this.fixture.count(Type.TARGETS_CHANGED)).isZero();
		assertThat(targets()).containsExactly("a", "b");
	}

	@Test
	void failingTargetDoesNotDelayNextTarget() {
		this.fixture.services.creations(FakeServices.fails(new Exception("down")));
		retarget("a", "b", "c", "d");
		this.fixture.pass(Duration.ofSeconds(2));
		assertThat(targets()).containsExactly("a", "b", "d", "c");
	}

	@Test
	void poolScalesDownToOneServicePerTarget() {
		this.fixture.scaleUp(4).pass(Duration.ofMinutes(30));
		assertThat(targets()).containsExactly("a", "b");
		retarget("a");
		assertThat(targets()).containsExactly("a");
	}

	@Test
	void emptyOrDuplicateTargetsAreInvalidAndChangeNothing() {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> retarget())
			.withMessageContaining("targets")
			.withMessageContaining("must contain at least one target");
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> retarget("c", "c"))
			.withMessageContaining("must contain each target only once but was [c, c]");
		assertThat(targets()).containsExactly("a", "b");
	}

	@Test
	void closedPoolCreatesNoService() {
		PoolFixture closed = PoolFixture.of((pool) -> pool.targets(targets("a")).closeTimeout(Duration.ZERO)).started();
		closed.pool.close();
		closed.pool.retarget(targets("c"));
		closed.settle();
		assertThat(closed.snapshot().services()).isEmpty();
		assertThat(closed.count(Type.TARGETS_CHANGED)).isZero();
	}

	@Test
	void unusedPoolCreatesNoService() {
		PoolFixture unused = PoolFixture.of((pool) -> pool.targets(targets("a")));
		unused.pool.retarget(targets("a", "b"));
		unused.settle();
		assertThat(unused.total()).isZero();
	}

	private static PoolFixture pool(int maxServices, String... targets) {
		return PoolFixture.of((pool) -> pool.targets(targets(targets)).maxServices(maxServices).maxConcurrency(1))
			.started();
	}

	private static List<Target> targets(String... names) {
		return Stream.of(names).map(Target::of).toList();
	}

	private void retarget(String... names) {
		this.fixture.pool.retarget(targets(names));
		this.fixture.settle();
	}

	/** Return the targets of all live services, oldest first. */
	private List<String> targets() {
		return this.fixture.snapshot()
			.services()
			.stream()
			.filter((member) -> member.state() != PoolSnapshot.ServiceSnapshot.State.DRAINING)
			.map(PoolSnapshot.ServiceSnapshot::target)
			.toList();
	}

	private String lastMessage(Type type) {
		return this.fixture.events.stream()
			.filter((event) -> event.type() == type)
			.reduce((first, second) -> second)
			.orElseThrow()
			.message();
	}

}
