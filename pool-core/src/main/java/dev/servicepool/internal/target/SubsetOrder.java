package dev.servicepool.internal.target;

import java.util.List;

import dev.servicepool.Target;

/**
 * Order that prefers a number of targets, which differ between the instances of an
 * application. A target that is added or removed changes at most one of them.
 */
final class SubsetOrder implements TargetOrder {

	private final int size;

	private final RendezvousHash hash;

	/**
	 * Create an order.
	 * @param size the number of preferred targets, at least 1
	 * @param hash determines the order of the targets
	 */
	SubsetOrder(int size, RendezvousHash hash) {
		this.size = size;
		this.hash = hash;
	}

	@Override
	public List<List<Target>> tiers(List<Target> targets) {
		if (targets.size() <= this.size) {
			return List.of(targets);
		}
		List<Target> sorted = this.hash.sorted(targets);
		return List.of(sorted.subList(0, this.size), sorted.subList(this.size, sorted.size()));
	}

}
