package dev.servicepool.internal.target;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ZoneOrderTests {

	private static final List<Target> TARGETS = Stream.of("a1", "b2", "c1", "d3", "e2", "f3")
		.map((name) -> Target.of(name).inZone(name.substring(1)))
		.toList();

	@Test
	void ownZoneComesFirstInTheOrderOfTheTargets() {
		List<List<Target>> tiers = new ZoneOrder("1", new RendezvousHash(42)).tiers(TARGETS);
		assertThat(tiers).hasSize(2);
		assertThat(tiers.get(0)).extracting(Target::name).containsExactly("a1", "c1");
		assertThat(tiers.get(1)).extracting(Target::name).containsExactlyInAnyOrder("b2", "d3", "e2", "f3");
	}

	@Test
	void thereIsOneTierIfAllOrNoTargetsAreInOwnZone() {
		assertThat(new ZoneOrder("4", new RendezvousHash(42)).tiers(TARGETS)).containsExactly(TARGETS);
		List<Target> own = List.of(TARGETS.get(0), TARGETS.get(2));
		assertThat(new ZoneOrder("1", new RendezvousHash(42)).tiers(own)).containsExactly(own);
	}

	@Test
	void eachInstanceUsesOtherZonesInAnOrderOfItsOwn() {
		List<Target> first = IntStream.range(0, 4000)
			.mapToObj((seed) -> new ZoneOrder("1", new RendezvousHash(seed)).tiers(TARGETS).get(1).get(0))
			.toList();
		assertThat(TARGETS).filteredOn((target) -> !"1".equals(target.zone()))
			.allSatisfy((target) -> assertThat(first).filteredOn(target::equals).hasSizeBetween(900, 1100));
	}

	@Test
	void removedTargetDoesNotChangeTheOrderOfTheOthers() {
		List<Target> others = TARGETS.stream().filter((target) -> !target.name().equals("d3")).toList();
		List<Target> before = new ZoneOrder("1", new RendezvousHash(42)).tiers(TARGETS).get(1);
		assertThat(new ZoneOrder("1", new RendezvousHash(42)).tiers(others).get(1))
			.isEqualTo(before.stream().filter(others::contains).toList());
	}

}
