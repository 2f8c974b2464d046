package dev.servicepool.internal.target;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SubsetOrderTests {

	private static final int SIZE = 20;

	private static final int CLIENTS = 1000;

	@Test
	void allTargetsArePreferredIfTheyAreNotMoreThanTheSubset() {
		List<Target> targets = targets(SIZE);
		assertThat(order(1).tiers(targets)).containsExactly(targets);
	}

	@Test
	void subsetDependsOnlyOnIdentityAndNamesOfTargets() {
		List<Target> targets = targets(100);
		List<Target> reversed = new ArrayList<>(targets);
		Collections.reverse(reversed);
		assertThat(order(1).tiers(targets)).isEqualTo(order(1).tiers(reversed));
		assertThat(subset(1, targets)).hasSize(SIZE).isNotEqualTo(subset(2, targets));
	}

	@Test
	void replacedTargetChangesAtMostOneOfEachSubset() {
		List<Target> before = targets(100);
		List<Target> after = new ArrayList<>(before);
		after.set(37, Target.of("http://10.0.1.1:8080"));
		for (int client = 0; client < CLIENTS; client++) {
			Set<Target> removed = new HashSet<>(subset(client, before));
			removed.removeAll(subset(client, after));
			assertThat(removed).as("targets that are no longer in the subset").hasSizeLessThanOrEqualTo(1);
		}
	}

	@Test
	void addedOrRemovedTargetChangesAtMostOneOfEachSubset() {
		List<Target> more = targets(101);
		List<Target> fewer = more.subList(0, 100);
		for (int client = 0; client < CLIENTS; client++) {
			Set<Target> both = new HashSet<>(subset(client, more));
			both.retainAll(subset(client, fewer));
			assertThat(both).hasSizeGreaterThanOrEqualTo(SIZE - 1);
		}
	}

	@Test
	void targetsAreInEquallyManySubsets() {
		List<Target> targets = targets(100);
		int[] connections = new int[targets.size()];
		for (int client = 0; client < CLIENTS; client++) {
			subset(client, targets).forEach((target) -> connections[targets.indexOf(target)]++);
		}
		// The standard deviation of a binomial distribution is 12.6.
		assertThat(IntStream.of(connections).boxed()).allSatisfy((count) -> assertThat(count).isBetween(150, 250));
	}

	private static List<Target> targets(int count) {
		return IntStream.range(0, count).mapToObj((number) -> Target.of("http://10.0.0." + number + ":8080")).toList();
	}

	private static SubsetOrder order(int client) {
		return new SubsetOrder(SIZE, new RendezvousHash(RendezvousHash.hash("client-" + client)));
	}

	private static List<Target> subset(int client, List<Target> targets) {
		return order(client).tiers(targets).get(0);
	}

}
