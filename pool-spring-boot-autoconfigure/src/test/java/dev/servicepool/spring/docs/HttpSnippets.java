package dev.servicepool.spring.docs;

import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.util.List;

import dev.servicepool.spring.PoolBuilderCustomizer;
import dev.servicepool.spring.HttpClientServiceFactory;
import dev.servicepool.spring.http.HttpClientService;
import dev.servicepool.spring.TargetSource;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.annotation.Bean;

/**
 * Code that docs/http.md and docs/reliability.md show, with substitutes for the
 * interfaces of Spring Cloud.
 */
class HttpSnippets {

	@Bean
	TargetSource discovery(DiscoveryClient discovery) {
		return (pool) -> discovery.getInstances(pool).stream().map(ServiceInstance::getUri).toList();
	}

	@Bean
	HttpClientServiceFactory orders(ClientHttpRequestFactoryBuilder<?> clients) {
		return (target) -> HttpClientService.of(target, clients.build());
	}

	@Bean
	PoolBuilderCustomizer timeoutsOnly() {
		return (builder, pool) -> builder.failureWhen((cause) -> cause instanceof HttpTimeoutException);
	}

	interface DiscoveryClient {

		List<ServiceInstance> getInstances(String service);

	}

	interface ServiceInstance {

		URI getUri();

	}

}
