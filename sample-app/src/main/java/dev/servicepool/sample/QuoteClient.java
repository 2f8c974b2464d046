package dev.servicepool.sample;

import dev.servicepool.spring.autoconfigure.RestClientPools;

import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/**
 * Asks for quotes by a {@link RestClient} whose requests go over the pool {@code quotes}.
 */
@Component
class QuoteClient {

	private final RestClient restClient;

	QuoteClient(RestClient.Builder builder, RestClientPools pools) {
		this.restClient = builder.baseUrl("http://quotes").apply(pools.fromPool("quotes")).build();
	}

	Quote quote(String symbol) {
		return this.restClient.get().uri("/quotes/{symbol}", symbol).retrieve().requiredBody(Quote.class);
	}

}
