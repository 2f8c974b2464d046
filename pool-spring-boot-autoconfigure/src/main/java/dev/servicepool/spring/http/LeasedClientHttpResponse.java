package dev.servicepool.spring.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import dev.servicepool.Lease;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Response that keeps its lease active until its body was read to the end, or the
 * response or its body is closed, because the connection of the service may be in use
 * until then. Callers that read to the end may close nothing, because any client then has
 * its connection back.
 * <p>
 * Like any response, it must not be used concurrently.
 */
final class LeasedClientHttpResponse implements ClientHttpResponse {

	private final ClientHttpResponse response;

	private final Lease<HttpCall, ClientHttpResponse> lease;

	private final @Nullable FailedResponseException error;

	private @Nullable InputStream body;

	/**
	 * Create an instance.
	 * @param response the response of the service
	 * @param lease the lease, of which only the first end has an effect
	 * @param error the status of the response, if the status is a failure of the server
	 */
	LeasedClientHttpResponse(ClientHttpResponse response, Lease<HttpCall, ClientHttpResponse> lease,
			@Nullable FailedResponseException error) {
		this.response = response;
		this.lease = lease;
		this.error = error;
	}

	@Override
	public HttpStatusCode getStatusCode() throws IOException {
		return this.response.getStatusCode();
	}

	@Override
	public String getStatusText() throws IOException {
		return this.response.getStatusText();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.response.getHeaders();
	}

	@Override
	public InputStream getBody() throws IOException {
		if (this.body == null) {
			try {
				InputStream body = this.response.getBody();
				this.body = new LeasedBody((body != null) ? body : InputStream.nullInputStream());
			}
			catch (IOException | RuntimeException ex) {
				failed(ex);
				throw ex;
			}
		}
		return this.body;
	}

	@Override
	public void close() {
		try {
			this.response.close();
		}
		finally {
			ended();
		}
	}

	private void ended() {
		if (this.error == null) {
			this.lease.succeed();
		}
		else {
			this.lease.fail(this.error);
		}
	}

	private void failed(Throwable cause) {
		HttpFailures.fail(this.lease, cause);
	}

	/**
	 * Body of a response. A failure to read the body is a failure of the request.
	 */
	private final class LeasedBody extends FilterInputStream {

		LeasedBody(InputStream body) {
			super(body);
		}

		/** End the lease if a result of reading is the end of the body. */
		private int endedIf(int read) {
			if (read == -1) {
				ended();
			}
			return read;
		}

		@Override
		public int read() throws IOException {
			try {
				return endedIf(super.read());
			}
			catch (IOException | RuntimeException ex) {
				failed(ex);
				throw ex;
			}
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			try {
				return endedIf(super.read(buffer, offset, length));
			}
			catch (IOException | RuntimeException ex) {
				failed(ex);
				throw ex;
			}
		}

		@Override
		public long skip(long count) throws IOException {
			try {
				return super.skip(count);
			}
			catch (IOException | RuntimeException ex) {
				failed(ex);
				throw ex;
			}
		}

		@Override
		public void close() throws IOException {
			try {
				super.close();
			}
			finally {
				ended();
			}
		}

	}

}
