package dev.servicepool.spring.http;

import java.net.URI;
import java.util.List;

/**
 * Says where the servers of a pool are at present. A bean named {@code NAMETargets} is
 * asked for those of the pool {@code NAME} at the start and again and again from then on,
 * so it is what connects a pool with service discovery.
 */
@FunctionalInterface
public interface TargetSource {

	/**
	 * Return the targets. May block; not called by two threads at a time.
	 * @return absolute URIs such as {@code http://host:port}, in any order. None at all
	 * is taken for a failure of the source: then the last ones stay, as they do when it
	 * throws
	 * @throws Exception if they cannot be found out
	 */
	List<URI> targets() throws Exception;

}
