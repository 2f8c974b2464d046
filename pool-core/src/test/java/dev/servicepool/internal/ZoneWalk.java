package dev.servicepool.internal;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.PoolSnapshot.TargetSnapshot;
import dev.servicepool.Target;

/**
 * A random walk over a pool that prefers the targets in its own zone, or a subset of
 * them. Targets move between zones.
 */
final class ZoneWalk extends RandomWalk {

	private static final Set<State> RETIRED = Set.of(State.DRAINING, State.CLOSING);

	/** The number of preferred targets, 0 for all in the own zone. */
	private final long subset;

	private long opened;

	private long withoutOwn;

	private long zonesInUse;

	ZoneWalk(long seed) {
		super(seed,
				(pool) -> pool.zone("own")
					.subset((int) (seed % 3))
					.targets(Stream.of("a", "b", "c").map((name) -> target(name, name.equals("a"))).toList()));
		this.subset = seed % 3;
	}

	private static Target target(String name, boolean own) {
		return Target.of(name).inZone(own ? "own" : "other");
	}

	@Override
	Target newTarget(String name) {
		return (this.random.nextInt(5) == 0) ? Target.of(name) : target(name, this.random.nextBoolean());
	}

	@Override
	long replaceable(PoolSnapshot snapshot) {
		Set<String> preferred = preferred(snapshot);
		return (preferred.size() < snapshot.health().targets().size()) ? snapshot.services()
			.stream()
			.filter((service) -> !RETIRED.contains(service.state()) && preferred.contains(service.target()))
			.count() : 0;
	}

	private static Set<String> preferred(PoolSnapshot snapshot) {
		return snapshot.health()
			.targets()
			.stream()
			.filter(TargetSnapshot::preferred)
			.map(TargetSnapshot::name)
			.collect(Collectors.toSet());
	}

	@Override
	void check(PoolSnapshot snapshot) {
		super.check(snapshot);
		List<TargetSnapshot> targets = snapshot.health().targets();
		boolean own = targets.stream().anyMatch((target) -> "own".equals(target.zone()));
		this.withoutOwn += own ? 0 : 1;
		Set<String> preferred = preferred(snapshot);
		long candidates = targets.stream().filter((target) -> !own || "own".equals(target.zone())).count();
		check("only targets in the own zone are preferred, unless there is none",
				targets.stream().allMatch((target) -> !target.preferred() || !own || "own".equals(target.zone())));
		check("a subset of them is preferred, or all without a subset",
				preferred.size() == ((this.subset > 0) ? Math.min(this.subset, candidates) : candidates));
		if (preferred.size() < targets.size()) {
			this.zonesInUse++;
			this.opened += snapshot.services()
				.stream()
				.anyMatch((service) -> !RETIRED.contains(service.state()) && !preferred.contains(service.target())) ? 1
						: 0;
		}
	}

	@Override
	List<Long> kinds() {
		return Stream
			.concat(super.kinds().stream(), Stream.of(this.opened, this.withoutOwn, this.zonesInUse - this.opened))
			.toList();
	}

}
