package dev.servicepool.internal.target;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.servicepool.Target;

/**
 * Order that prefers the targets in one zone. The targets in other zones follow in an
 * order that differs between the instances of an application, so that these instances do
 * not all use the same one first.
 */
final class ZoneOrder implements TargetOrder {

	private final String zone;

	private final RendezvousHash hash;

	/**
	 * Create an order.
	 * @param zone the preferred zone
	 * @param hash determines the order of the other targets
	 */
	ZoneOrder(String zone, RendezvousHash hash) {
		this.zone = zone;
		this.hash = hash;
	}

	@Override
	public List<List<Target>> tiers(List<Target> targets) {
		Map<Boolean, List<Target>> own = targets.stream()
			.collect(Collectors.partitioningBy((target) -> this.zone.equals(target.zone())));
		List<Target> first = own.get(true);
		List<Target> others = own.get(false);
		return (first.isEmpty() || others.isEmpty()) ? List.of(targets) : List.of(first, this.hash.sorted(others));
	}

}
