package dev.servicepool.benchmarks.http;

import java.net.http.HttpClient;
import java.util.Map;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Application that uses the JDK's HTTP client, with or without a pool for one server.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Loopback {

	private static final String VERSION = "version";

	static ConfigurableApplicationContext start(boolean pooled, HttpClient.Version version, String address) {
		return new SpringApplicationBuilder(Loopback.class).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.properties(Map.of("pool.enabled", pooled, "pool.instances.orders.targets", address, VERSION, version,
					"logging.level.root", "warn", "spring.cloud.loadbalancer.enabled", false))
			.run();
	}

	@Bean
	ClientHttpRequestFactoryBuilder<?> clients(Environment environment) {
		HttpClient.Version version = environment.getRequiredProperty(VERSION, HttpClient.Version.class);
		JdkClientHttpRequestFactoryBuilder jdk = ClientHttpRequestFactoryBuilder.jdk();
		return jdk.withHttpClientCustomizer((client) -> client.version(version));
	}

}
