package dev.servicepool.spring;

import java.net.URI;

import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

/**
 * Applications that call a server through Boot's {@code RestClient}. They differ only in
 * their configuration.
 */
public final class Applications {

	/** Property of a pool whose targets support HTTP/2 without TLS. */
	public static final String HTTP_2 = "pool.instances.orders.client.http-version=http-2";

	private static final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
				RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class, SslAutoConfiguration.class));

	private Applications() {
	}

	/** Return an application without configuration. */
	public static ApplicationContextRunner plain() {
		return runner;
	}

	/**
	 * Return an application with a pool. Without TLS, its client uses HTTP/2 as the plain
	 * client does.
	 * @param target the address of the server
	 * @param properties the other properties of the application
	 */
	public static ApplicationContextRunner pooled(URI target, String... properties) {
		return runner.withPropertyValues("pool.instances.orders.targets=" + target, HTTP_2)
			.withPropertyValues(properties);
	}

	/** Create a client with the builder of an application. */
	public static RestClient client(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class).build();
	}

}
