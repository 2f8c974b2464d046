package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * HTTP request as data. Pools of HTTP clients use this request type. The body is a
 * callback that writes the content, so that the content is not buffered in memory.
 *
 * @param uri the encoded URI
 * @param method the method
 * @param headers the headers
 * @param attributes the attributes that the client's interceptors have added
 * @param body writes the body; {@code null} if there is none
 * @param readTimeout the read timeout of the client whose request this is; {@code null}
 * if the timeout of the service applies
 */
public record HttpCall(URI uri, HttpMethod method, HttpHeaders headers, Map<String, Object> attributes,
		StreamingHttpOutputMessage.@Nullable Body body, @Nullable Duration readTimeout) {

	/**
	 * Create a request to which the read timeout of the service applies.
	 * @param uri the encoded URI
	 * @param method the method
	 * @param headers the headers
	 * @param attributes the attributes that the client's interceptors have added
	 * @param body writes the body; {@code null} if there is none
	 */
	public HttpCall(URI uri, HttpMethod method, HttpHeaders headers, Map<String, Object> attributes,
			StreamingHttpOutputMessage.@Nullable Body body) {
		this(uri, method, headers, attributes, body, null);
	}

	/**
	 * Return the same request with another URI.
	 * @param uri the encoded URI
	 * @return the request
	 */
	public HttpCall withUri(URI uri) {
		return new HttpCall(uri, this.method, this.headers, this.attributes, this.body, this.readTimeout);
	}

	HttpCall withBody(StreamingHttpOutputMessage.@Nullable Body body) {
		return new HttpCall(this.uri, this.method, this.headers, this.attributes, body, this.readTimeout);
	}

	HttpCall withHeaders(HttpHeaders headers) {
		return new HttpCall(this.uri, this.method, headers, this.attributes, this.body, this.readTimeout);
	}

	/**
	 * Return only the method, origin, and path, because other parts may contain secrets.
	 */
	@Override
	public String toString() {
		String path = (this.uri.getRawPath() != null) ? this.uri.getRawPath() : "";
		boolean located = this.uri.getScheme() != null && this.uri.getHost() != null;
		return this.method + " " + (located ? Origin.of(this.uri) : "") + path;
	}

	/**
	 * Send the request. The body is streamed if the client supports streaming.
	 * @param client creates the request to send
	 * @return the response, which the caller must close
	 * @throws IOException if the request cannot be sent or receives no response
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
