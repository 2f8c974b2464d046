package dev.servicepool.spring.autoconfigure;

import java.util.List;

/**
 * Looks up the targets of one pool.
 */
interface TargetLookup {

	/**
	 * Return the current targets.
	 * @return the targets, in any order, which may contain texts that cannot be targets
	 * @throws Exception if the targets cannot be determined
	 */
	List<FoundTarget> targets() throws Exception;

}
