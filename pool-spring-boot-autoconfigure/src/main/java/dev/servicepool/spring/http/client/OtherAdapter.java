package dev.servicepool.spring.http.client;

import java.net.URI;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * Adapter of all clients about whose library nothing is known. They work as the
 * application has configured them.
 */
final class OtherAdapter extends ClientAdapter {

	private static final Log logger = LogFactory.getLog(OtherAdapter.class);

	@Override
	boolean supports(ClientHttpRequestFactoryBuilder<?> builder) {
		return true;
	}

	@Override
	boolean supports(ClientHttpRequestFactory requestFactory) {
		return true;
	}

	@Override
	public ServiceClients clients(ClientHttpRequestFactoryBuilder<?> builder, ServiceClientOptions options) {
		logger.info("Pool '" + options.pool() + "': " + builder.getClass().getSimpleName()
				+ " builds clients of a library that pools do not know. The pool balances their requests, but cannot"
				+ " give each service connections of its own. Set 'spring.http.clients.imperative.factory' to 'jdk',"
				+ " 'http-components', 'jetty', or 'reactor' to change this.");
		return (settings, location, maxConcurrency) -> ServiceClient.of(builder.build(settings));
	}

	@Override
	public String obstacleToNames(ClientHttpRequestFactoryBuilder<?> builder, ServiceClientOptions options, URI name) {
		return "the clients of " + builder.getClass().getSimpleName() + " connect only to the host of a request";
	}

	@Override
	public boolean canReplaceReadTimeout() {
		return false;
	}

}
