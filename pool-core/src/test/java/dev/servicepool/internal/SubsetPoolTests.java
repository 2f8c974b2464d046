package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.servicepool.InvalidSettingException;
import dev.servicepool.Lease;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.PoolSnapshot.TargetSnapshot;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A pool that prefers a subset of its targets.
 */
class SubsetPoolTests {

	private static final List<Target> TARGETS = IntStream.range(0, 50)
		.mapToObj((number) -> Target.of("target-" + number))
		.toList();

	private static PoolFixture pool(String identity, UnaryOperator<PoolBuilder> options) {
		return PoolFixture.of((pool) -> options
			.apply(pool.identity(identity).subset(3).maxConcurrency(2).targets(TARGETS).maxServices(50)));
	}

	@Test
	void onlyTheSubsetReceivesServices() {
		PoolFixture fixture = pool("a", UnaryOperator.identity()).started();
		assertThat(targets(fixture)).hasSize(3).hasSameElementsAs(preferred(fixture));
		assertThat(fixture.snapshot().settings().minServices()).isEqualTo(3);
	}

	@Test
	void identityDeterminesTheSubset() {
		List<String> first = preferred(pool("a", UnaryOperator.identity()));
		assertThat(preferred(pool("a", UnaryOperator.identity()))).isEqualTo(first);
		assertThat(preferred(pool("b", UnaryOperator.identity()))).isNotEqualTo(first);
	}

	@Test
	void loadExtendsTheSubsetAndItsEndReducesIt() {
		PoolFixture fixture = pool("a", UnaryOperator.identity()).started();
		List<Lease<String, String>> leases = fixture.leases(6);
		fixture.scaleUpUntilCreation().settle();
		assertThat(targets(fixture)).hasSizeGreaterThan(3).doesNotHaveDuplicates().containsAll(preferred(fixture));
		leases.forEach(Lease::succeed);
		fixture.after(Duration.ofSeconds(30));
		while (targets(fixture).size() > 3) {
			fixture.hit(400).after(Duration.ofSeconds(1));
		}
		assertThat(targets(fixture)).hasSameElementsAs(preferred(fixture));
	}

	@Test
	void servicesOutsideTheSubsetShareTheLoad() {
		PoolFixture fixture = pool("a", UnaryOperator.identity()).started();
		List<Lease<String, String>> leases = fixture.leases(6);
		fixture.scaleUpUntilCreation().settle();
		leases.forEach(Lease::succeed);
		List<String> used = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			Lease<String, String> lease = fixture.lease();
			used.add(lease.target().name());
			lease.succeed();
		}
		assertThat(used).contains(targets(fixture).get(3));
	}

	@Test
	void targetThatLeavesTheListIsReplacedInTheSubset() {
		PoolFixture fixture = pool("a", UnaryOperator.identity()).started();
		List<String> before = targets(fixture);
		fixture.pool.retarget(TARGETS.stream().filter((target) -> !target.name().equals(before.get(0))).toList());
		fixture.settle();
		assertThat(targets(fixture)).hasSize(3).containsAll(before.subList(1, 3));
		assertThat(fixture.services.get(1).closes + fixture.services.get(2).closes).isZero();
	}

	@Test
	void outsideTargetsAreUsedIfTheWholeSubsetFails() {
		PoolFixture fixture = pool("a",
				(pool) -> pool.outlierDetection((detection) -> detection.consecutiveFailures(3)))
			.started();
		List<String> subset = preferred(fixture);
		int failed = 0;
		for (int i = 0; i < 100; i++) {
			Lease<String, String> lease = fixture.lease();
			if (subset.contains(lease.target().name())) {
				lease.fail(new IOException("call"));
				failed++;
			}
			else {
				lease.recordResponse();
				lease.succeed();
			}
			fixture.settle();
		}
		assertThat(failed).as("failed calls").isLessThanOrEqualTo(20);
		assertThat(fixture.snapshot().services()).filteredOn((service) -> service.state() == State.EJECTED)
			.as("ejected services, of which at most half of all could be ejected without others")
			.hasSizeGreaterThanOrEqualTo(2);
		assertThat(fixture.total()).as("services, including those that failed").isLessThanOrEqualTo(6);
	}

	@Test
	void poolDoesNotTryAllTargetsIfAllOfThemFail() {
		PoolFixture fixture = pool("a",
				(pool) -> pool.outlierDetection((detection) -> detection.consecutiveFailures(3)))
			.started();
		for (int i = 0; i < 1000; i++) {
			fixture.lease().fail(new IOException("call"));
			fixture.settle();
		}
		assertThat(fixture.total()).as("services").isLessThanOrEqualTo(6);
	}

	@Test
	void subsetMustNotBeNegative() {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> pool("a", (pool) -> pool.subset(-1)))
			.withMessage("subset must not be negative but was -1");
	}

	private static List<String> preferred(PoolFixture fixture) {
		return fixture.snapshot()
			.health()
			.targets()
			.stream()
			.filter(TargetSnapshot::preferred)
			.map(TargetSnapshot::name)
			.toList();
	}

	private static List<String> targets(PoolFixture fixture) {
		return fixture.snapshot()
			.services()
			.stream()
			.filter((service) -> service.state() != State.CLOSING && service.state() != State.DRAINING)
			.map(ServiceSnapshot::target)
			.toList();
	}

}
