package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * One HTTP request as data: what a pool of HTTP clients is asked. Its body is a callback
 * that writes it, so that nothing is held in memory on the way.
 *
 * @param uri where the request goes, encoded
 * @param method the method
 * @param headers the headers
 * @param attributes what the client's interceptors have noted about the request
 * @param body writes the body; {@code null} if there is none
 */
public record HttpCall(URI uri, HttpMethod method, HttpHeaders headers, Map<String, Object> attributes,
		StreamingHttpOutputMessage.@Nullable Body body) {

	/**
	 * Return the same request to another place.
	 * @param uri where it goes, encoded
	 * @return the request
	 */
	public HttpCall withUri(URI uri) {
		return new HttpCall(uri, this.method, this.headers, this.attributes, this.body);
	}

	HttpCall withBody(StreamingHttpOutputMessage.@Nullable Body body) {
		return new HttpCall(this.uri, this.method, this.headers, this.attributes, body);
	}

	HttpCall withHeaders(HttpHeaders headers) {
		return new HttpCall(this.uri, this.method, headers, this.attributes, this.body);
	}

	/**
	 * Say what is asked of whom: only method, host and path, since the rest may hold
	 * secrets.
	 */
	@Override
	public String toString() {
		String path = (this.uri.getRawPath() != null) ? this.uri.getRawPath() : "";
		boolean located = this.uri.getScheme() != null && this.uri.getHost() != null;
		return this.method + " " + (located ? Origin.of(this.uri) : "") + path;
	}

	/**
	 * Send the request. The body is streamed if the client can do that.
	 * @param client makes the request to send
	 * @return the response, to be closed
	 * @throws IOException if the request could not be sent or was not answered
	 */
	ClientHttpResponse sendBy(ClientHttpRequestFactory client) throws IOException {
		ClientHttpRequest request = client.createRequest(this.uri, this.method);
		this.headers.forEach(request.getHeaders()::addAll);
		if (!this.attributes.isEmpty()) {
			this.attributes.forEach(request.getAttributes()::put);
		}
		if (this.body != null) {
			write(this.body, request);
		}
		return request.execute();
	}

	static void write(StreamingHttpOutputMessage.Body body, ClientHttpRequest request) throws IOException {
		if (request instanceof StreamingHttpOutputMessage streaming) {
			streaming.setBody(body);
		}
		else {
			body.writeTo(request.getBody());
		}
	}

}
