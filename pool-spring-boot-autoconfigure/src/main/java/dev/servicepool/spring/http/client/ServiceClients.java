package dev.servicepool.spring.http.client;

import org.springframework.boot.http.client.HttpClientSettings;

/**
 * Creates the HTTP clients of the services of one pool. What callers share without a pool
 * belongs to all of them, such as cookies, and outlives each client.
 */
@FunctionalInterface
public interface ServiceClients {

	/**
	 * Create the client of a service.
	 * @param settings the settings of the pool, with its current SSL bundle
	 * @param location the location of the server of the service
	 * @param maxConcurrency the maximum number of concurrent requests of the service
	 * @return the client
	 */
	ServiceClient create(HttpClientSettings settings, ServerLocation location, int maxConcurrency);

}
