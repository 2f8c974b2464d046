package dev.servicepool.sample;

import java.io.IOException;
import java.time.Duration;

import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.HttpService;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpResponse;

/**
 * The server of quotes and the factory that becomes the pool {@code quotes}.
 */
@Configuration(proxyBeanMethods = false)
class QuotesConfiguration {

	@Bean
	Upstream upstream(JsonMapper json) throws IOException {
		return new Upstream(json, Duration.ofMillis(50));
	}

	/**
	 * Makes the services of the pool: each is an HTTP client of its own, with its own
	 * connections. The pool itself comes from the starter, named after this bean.
	 */
	@Bean
	ServiceFactory<HttpCall, ClientHttpResponse> quotes(Upstream upstream, ClientHttpRequestFactoryBuilder<?> clients,
			HttpClientSettings settings) {
		return (target) -> HttpService.of(upstream.target(), clients.build(settings));
	}

}
