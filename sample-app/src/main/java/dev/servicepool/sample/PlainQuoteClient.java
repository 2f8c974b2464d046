package dev.servicepool.sample;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/**
 * Client of the first quote server that uses no pool, for comparison. It has the settings
 * of the clients that Boot creates. Because it does not use Boot's builder of request
 * factories, the starter does not route its requests.
 */
@Component
class PlainQuoteClient {

	private final QuoteService quotes;

	PlainQuoteClient(RestClient.Builder builder, HttpClientSettings settings,
			@Value("${spring.http.serviceclient.quotes.base-url}") String baseUrl) {
		RestClient client = builder.baseUrl(baseUrl)
			.requestFactory(ClientHttpRequestFactoryBuilder.jdk().withExecutor(executor()).build(settings))
			.build();
		this.quotes = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
			.build()
			.createClient(QuoteService.class);
	}

	/**
	 * Return the quote service, which sends its requests through this client.
	 */
	QuoteService quotes() {
		return this.quotes;
	}

	/**
	 * Return an executor whose threads do not use the class loader of a request. Tomcat
	 * would warn about these threads when the sample stops.
	 */
	private static ExecutorService executor() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("plain-client-");
		threads.setDaemon(true);
		return Executors.newCachedThreadPool((task) -> {
			Thread thread = threads.newThread(task);
			thread.setContextClassLoader(PlainQuoteClient.class.getClassLoader());
			return thread;
		});
	}

}
