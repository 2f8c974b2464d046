package dev.servicepool.spring.http.client;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;

/**
 * Options of the HTTP clients of one pool.
 *
 * @param pool the name of the pool
 * @param settings the settings that Boot applies to all clients, with the first SSL
 * bundle
 * @param httpVersion the highest HTTP version; {@code null} for the default of the
 * client, which is HTTP/1.1 for the JDK client without TLS
 * @param connections the connections that the clients use
 */
public record ServiceClientOptions(String pool, HttpClientSettings settings, @Nullable HttpVersion httpVersion,
		Connections connections) {

}
