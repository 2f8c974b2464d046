package dev.servicepool.spring.http.client;

import java.io.IOException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Response with the head of another one.
 */
abstract class ForwardingResponse implements ClientHttpResponse {

	final ClientHttpResponse response;

	ForwardingResponse(ClientHttpResponse response) {
		this.response = response;
	}

	@Override
	public final HttpStatusCode getStatusCode() throws IOException {
		return this.response.getStatusCode();
	}

	@Override
	public final String getStatusText() throws IOException {
		return this.response.getStatusText();
	}

	@Override
	public final HttpHeaders getHeaders() {
		return this.response.getHeaders();
	}

}
