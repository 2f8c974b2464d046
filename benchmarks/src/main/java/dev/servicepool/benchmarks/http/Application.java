package dev.servicepool.benchmarks.http;

import java.util.HashMap;
import java.util.Map;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * Application whose clients send nothing. One pool and the load balancer have eight
 * servers each. Two other pools have eight services for one server each, and one of them
 * has a deadline and repeats requests.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Application {

	static final String BALANCED = "balanced";

	private static final int SERVERS = 8;

	static ConfigurableApplicationContext start(boolean pooled) {
		Map<String, Object> properties = new HashMap<>();
		properties.put("pool.enabled", pooled);
		properties.put("pool.instances.orders.url", "http://orders");
		properties.put("pool.instances.stock.targets", "http://stock");
		properties.put("pool.instances.stock.min-services", SERVERS);
		properties.put("pool.instances.retried.targets", "http://retried");
		properties.put("pool.instances.retried.min-services", SERVERS);
		properties.put("pool.instances.retried.retry.failures", "connection-lost, timeout");
		properties.put("pool.instances.retried.retry.statuses", 503);
		properties.put("pool.instances.retried.deadline", "10s");
		properties.put("logging.level.root", LogLevel.WARN);
		for (int i = 0; i < SERVERS; i++) {
			properties.put("pool.instances.orders.targets[" + i + "]", "http://orders" + i);
			properties.put("spring.cloud.discovery.client.simple.instances.stock[" + i + "].uri", "http://stock" + i);
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.properties(properties)
			.run();
	}

	@Bean
	ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> stubs() {
		return (settings) -> new StubRequestFactory();
	}

	/**
	 * Is not a default candidate, so that Boot's builder is injected without a qualifier.
	 */
	@Bean(name = BALANCED, defaultCandidate = false)
	@LoadBalanced
	RestClient.Builder balanced(RestClientBuilderConfigurer configurer) {
		return configurer.configure(RestClient.builder());
	}

}
