package dev.servicepool.spring.autoconfigure;

import java.util.List;

/**
 * Finds the instances of services in a registry.
 */
interface ServiceDiscovery {

	/** Return whether there is a registry. No bean is created to find out. */
	boolean isAvailable();

	/**
	 * Return the addresses and zones of the instances of a service.
	 * @param service the name of the service in the registry
	 * @return the addresses, which may contain some that cannot be targets
	 */
	List<FoundTarget> instances(String service);

}
