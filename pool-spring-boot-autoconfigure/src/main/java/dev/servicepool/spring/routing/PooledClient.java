package dev.servicepool.spring.routing;

import org.springframework.boot.http.client.HttpClientSettings;

/**
 * What is known about the clients of a pool.
 *
 * @param settings the settings of the clients
 * @param canReplaceReadTimeout whether each request can have a read timeout of its own
 */
public record PooledClient(HttpClientSettings settings, boolean canReplaceReadTimeout) {
}
