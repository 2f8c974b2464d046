package dev.servicepool.spring.docs;

import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;

import dev.servicepool.spring.PoolBuilderCustomizer;
import dev.servicepool.spring.PoolRequestAttributes;
import dev.servicepool.spring.HttpClientServiceFactory;
import dev.servicepool.spring.http.HttpClientService;
import dev.servicepool.spring.TargetSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.client.RestClient;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Code that docs/http.md, docs/discovery.md, docs/reliability.md, and docs/retries.md
 * show.
 */
class HttpSnippets {

	@Bean
	TargetSource inventory(Inventory inventory) {
		return (pool) -> inventory.serversOf(pool).stream().map(URI::create).toList();
	}

	@Nullable String order(RestClient.Builder builder, String id) {
		RestClient client = builder.build();
		return client.get().uri("http://order-service/orders/{id}", id).retrieve().body(String.class);
	}

	@Bean
	HttpClientServiceFactory orders(ClientHttpRequestFactoryBuilder<?> clients) {
		return (target) -> HttpClientService.of(target, clients.build());
	}

	@Bean
	PoolBuilderCustomizer timeoutsOnly() {
		return (builder, pool) -> builder.failureWhen((cause) -> cause instanceof HttpTimeoutException);
	}

	void send(RestClient client, String order) {
		client.post()
			.uri("/orders")
			.attributes(PoolRequestAttributes.retryable())
			.attributes(PoolRequestAttributes.deadline(Duration.ofMillis(500)))
			.body(order)
			.retrieve()
			.toBodilessEntity();
	}

	interface Orders {

		@PostExchange("/orders")
		void place(@RequestBody String order, @RequestAttribute(PoolRequestAttributes.RETRYABLE) boolean retryable,
				@RequestAttribute(PoolRequestAttributes.DEADLINE) Duration deadline);

	}

	interface Inventory {

		List<String> serversOf(String pool);

	}

}
