package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.FastByteArrayOutputStream;

/**
 * A request to where no pool is: that of the client which would send it anyway, so that
 * nothing is copied. Only if a lease is found on it in the end, it goes by the leased
 * service instead.
 */
final class PassedOnRequest implements ClientHttpRequest, StreamingHttpOutputMessage {

	private final ClientHttpRequest request;

	private @Nullable Body body;

	private @Nullable OutputStream written;

	PassedOnRequest(ClientHttpRequest request) {
		this.request = request;
	}

	@Override
	public HttpMethod getMethod() {
		return this.request.getMethod();
	}

	@Override
	public URI getURI() {
		return this.request.getURI();
	}

	@Override
	public Map<String, Object> getAttributes() {
		return this.request.getAttributes();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.request.getHeaders();
	}

	@Override
	public void setBody(Body body) {
		this.body = body;
	}

	@Override
	public OutputStream getBody() {
		if (this.written == null) {
			FastByteArrayOutputStream buffer = new FastByteArrayOutputStream();
			this.written = buffer;
			this.body = buffer::writeTo;
		}
		return this.written;
	}

	@Override
	public ClientHttpResponse execute() throws IOException {
		HeldLease held = HeldLease.takeFrom(getAttributes());
		if (held != null) {
			return held.send(new HttpCall(getURI(), getMethod(), getHeaders(), getAttributes(), this.body));
		}
		if (this.body != null) {
			HttpCall.write(this.body, this.request);
		}
		return this.request.execute();
	}

}
