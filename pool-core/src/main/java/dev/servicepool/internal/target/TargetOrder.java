package dev.servicepool.internal.target;

import java.util.List;

import dev.servicepool.Target;

/**
 * Order in which a pool uses its targets. Depends only on the targets and on the
 * settings, and not on their services or on the load.
 */
interface TargetOrder {

	/** Order without a preference. */
	TargetOrder NONE = List::of;

	/**
	 * Divide targets into tiers. The pool uses the targets of a tier when those of the
	 * earlier tiers are not enough.
	 * @param targets the targets, each once
	 * @return the tiers, the first of which is empty only if there is no target
	 */
	List<List<Target>> tiers(List<Target> targets);

}
