package dev.servicepool.spring.http;

import java.io.IOException;

import dev.servicepool.spring.http.client.Exchange;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * One attempt to send a request, which may be watched.
 *
 * @param call the request
 */
record WatchedExchange(HttpCall call) implements Exchange {

	@Override
	public ClientHttpResponse send(ClientHttpRequestFactory requestFactory, boolean emptyBody) throws IOException {
		return WatchedCall.withEmptyBody(this.call, emptyBody).sendBy(requestFactory);
	}

	@Override
	public void notProcessed() {
		WatchedCall.notProcessed(this.call);
	}

}
