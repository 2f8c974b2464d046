package dev.servicepool.spring.http.client;

import java.io.EOFException;
import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CompleteResponse}.
 */
class CompleteResponseTests {

	private static final int ANNOUNCED = 1000;

	/** A decompressed body can be longer than the announced one. */
	@ParameterizedTest
	@ValueSource(ints = { ANNOUNCED, ANNOUNCED + 1, ANNOUNCED + 2, 50 * ANNOUNCED })
	void wholeBodyIsReceivedAtTheBeginning(int length) throws IOException {
		byte[] body = bytes(length);
		ClientHttpResponse response = CompleteResponse.of(HttpMethod.GET, response(HttpStatus.OK, body));
		assertThat(response).isInstanceOf(CompleteResponse.class);
		assertThat(response.getBody().readAllBytes()).isEqualTo(body);
	}

	@Test
	void shorterBodyIsFailureAndClosesResponse() {
		ClosableResponse response = response(HttpStatus.OK, bytes(ANNOUNCED - 1));
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> CompleteResponse.of(HttpMethod.GET, response))
			.withMessage("The body ends after 999 of 1000 bytes");
		assertThat(response.closed).isTrue();
	}

	@Test
	void unmodifiedBodyIsAnnouncedButNotSent() throws IOException {
		ClosableResponse response = response(HttpStatus.NOT_MODIFIED, bytes(0));
		ClientHttpResponse complete = CompleteResponse.of(HttpMethod.GET, response);
		assertThat(complete.getBody().readAllBytes()).isEmpty();
		assertThat(response.closed).isFalse();
	}

	@Test
	void closingItClosesResponseOfClient() throws IOException {
		ClosableResponse response = response(HttpStatus.OK, bytes(ANNOUNCED));
		CompleteResponse.of(HttpMethod.GET, response).close();
		assertThat(response.closed).isTrue();
	}

	@Test
	void responseToOtherRequestIsNotReceived() throws IOException {
		ClosableResponse response = response(HttpStatus.OK, bytes(ANNOUNCED));
		assertThat(CompleteResponse.of(HttpMethod.POST, response)).isSameAs(response);
	}

	private static byte[] bytes(int length) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) i;
		}
		return bytes;
	}

	private static ClosableResponse response(HttpStatus status, byte[] body) {
		ClosableResponse response = new ClosableResponse(status, body);
		response.getHeaders().setContentLength(ANNOUNCED);
		return response;
	}

	private static final class ClosableResponse extends MockClientHttpResponse {

		private boolean closed;

		ClosableResponse(HttpStatus status, byte[] body) {
			super(body, status);
		}

		@Override
		public void close() {
			this.closed = true;
			super.close();
		}

	}

}
