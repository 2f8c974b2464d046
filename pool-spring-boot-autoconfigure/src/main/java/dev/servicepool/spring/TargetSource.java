package dev.servicepool.spring;

import java.net.URI;
import java.util.List;

/**
 * Source of the targets of pools, for example a service registry. A bean named
 * {@code NAMETargets} supplies the targets of the pool {@code NAME}. A bean with any
 * other name supplies the targets of all pools under {@code pool.instances} that have
 * neither configured targets nor a {@code TargetSource} bean named after them.
 * <p>
 * Each pool calls its source when the application starts, and then every
 * {@code refresh-interval}.
 */
@FunctionalInterface
public interface TargetSource {

	/**
	 * Return the current targets of a pool. This method may block. A pool never calls it
	 * concurrently. If the list is empty, or if this method throws an exception, the pool
	 * keeps its last targets. Without any targets, callers receive the exception.
	 * @param pool the name of the pool
	 * @return absolute URIs such as {@code http://host:port}, in any order; URIs that
	 * cannot be targets are skipped
	 * @throws Exception if the targets cannot be determined
	 */
	List<URI> targets(String pool) throws Exception;

}
