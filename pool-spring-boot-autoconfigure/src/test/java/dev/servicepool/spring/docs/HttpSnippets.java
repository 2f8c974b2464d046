package dev.servicepool.spring.docs;

import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.util.List;

import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.autoconfigure.PoolBuilderCustomizer;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.HttpClientService;
import dev.servicepool.spring.http.TargetSource;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ClientHttpResponse;

/**
 * The code in docs/http.md and docs/reliability.md. What it uses of Spring Cloud has
 * stand-ins here.
 */
class HttpSnippets {

	@Bean
	TargetSource ordersTargets(DiscoveryClient discovery) {
		return () -> discovery.getInstances("orders").stream().map(ServiceInstance::getUri).toList();
	}

	@Bean
	ServiceFactory<HttpCall, ClientHttpResponse> orders(ClientHttpRequestFactoryBuilder<?> clients) {
		return (target) -> HttpClientService.of(target, clients.build());
	}

	@Bean
	PoolBuilderCustomizer timeoutsOnly() {
		return (pool, builder) -> builder.failureWhen((cause) -> cause instanceof HttpTimeoutException);
	}

	interface DiscoveryClient {

		List<ServiceInstance> getInstances(String service);

	}

	interface ServiceInstance {

		URI getUri();

	}

}
