package dev.servicepool.spring.http.client;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Response whose body was received completely before the caller gets the response.
 */
final class CompleteResponse extends ForwardingResponse {

	/** The maximum length of a body that is kept in memory, in bytes. */
	private static final int MAX_LENGTH = 8192;

	private final InputStream body;

	private CompleteResponse(ClientHttpResponse response, byte[] body) {
		super(response);
		this.body = new ByteArrayInputStream(body);
	}

	/**
	 * Receive the body of a response to a GET request if it is announced to be short.
	 * @param method the method of the request
	 * @param response the response
	 * @return the response to return to the caller
	 * @throws IOException if the body cannot be received; the response is then closed
	 */
	static ClientHttpResponse of(HttpMethod method, ClientHttpResponse response) throws IOException {
		if (!HttpMethod.GET.equals(method)) {
			return response;
		}
		long length = ContentLength.of(response.getHeaders());
		if (length < 0 || length > MAX_LENGTH || response.getStatusCode().isSameCodeAs(HttpStatus.NOT_MODIFIED)) {
			return response;
		}
		try {
			byte[] body = response.getBody().readAllBytes();
			if (body.length < length) {
				throw new EOFException("The body ends after " + body.length + " of " + length + " bytes");
			}
			return new CompleteResponse(response, body);
		}
		catch (IOException | RuntimeException ex) {
			response.close();
			throw ex;
		}
	}

	@Override
	public InputStream getBody() {
		return this.body;
	}

	@Override
	public void close() {
		this.response.close();
	}

}
