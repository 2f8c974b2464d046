package dev.servicepool.spring.http.client;

/**
 * Creates the HTTP clients of the services of one pool.
 */
@FunctionalInterface
public interface ServiceClients {

	/**
	 * Create the client of a service.
	 * @param location the location of the server of the service
	 * @param maxConcurrency the maximum number of concurrent requests of the service
	 * @return the client
	 */
	ServiceClient create(ServerLocation location, int maxConcurrency);

}
