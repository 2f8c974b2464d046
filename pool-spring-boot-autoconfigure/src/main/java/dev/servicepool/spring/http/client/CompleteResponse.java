package dev.servicepool.spring.http.client;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Response whose body was received completely before the caller gets the response.
 * Therefore, it can be closed without waiting.
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
		if (length < 0 || length > MAX_LENGTH) {
			return response;
		}
		try {
			byte[] body = read(response.getBody(), (int) length);
			// Only the length of the unmodified body may be announced without a body.
			if (body.length < length && !response.getStatusCode().isSameCodeAs(HttpStatus.NOT_MODIFIED)) {
				throw new EOFException("The body ends after " + body.length + " of " + length + " bytes");
			}
			return new CompleteResponse(response, body);
		}
		catch (IOException | RuntimeException ex) {
			response.close();
			throw ex;
		}
	}

	/**
	 * Read a body to its end, with a buffer of its length. The body of a client that
	 * decompresses it may be longer than announced.
	 */
	private static byte[] read(InputStream body, int length) throws IOException {
		byte[] begin = body.readNBytes(length + 1);
		if (begin.length <= length) {
			return begin;
		}
		byte[] rest = body.readAllBytes();
		byte[] all = Arrays.copyOf(begin, begin.length + rest.length);
		System.arraycopy(rest, 0, all, begin.length, rest.length);
		return all;
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
