package dev.servicepool.spring;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;

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

	/**
	 * Return the zone of a target, for pools that prefer their own zone. The pool calls
	 * this method after {@link #targets}, on the same thread.
	 * @param pool the name of the pool
	 * @param target a URI that {@link #targets} has returned
	 * @return the zone, or {@code null} if it is not known
	 */
	default @Nullable String zone(String pool, URI target) {
		return null;
	}

}
