package dev.servicepool.spring.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Response that keeps its lease active until the response or its body is closed, because
 * the connection of the service may be in use until then. Callers close either or both.
 * <p>
 * Like any response, it must not be used concurrently.
 */
final class LeasedClientHttpResponse implements ClientHttpResponse {

	private final ClientHttpResponse response;

	private final ResponseLease lease;

	private @Nullable InputStream body;

	LeasedClientHttpResponse(ClientHttpResponse response, ResponseLease lease) {
		this.response = response;
		this.lease = lease;
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
				this.body = new LeasedBody((body != null) ? body : InputStream.nullInputStream(), this.lease);
			}
			catch (IOException | RuntimeException ex) {
				this.lease.failed(ex);
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
			this.lease.ended();
		}
	}

	/**
	 * Body of a response. A failure to read the body is a failure of the request.
	 */
	private static final class LeasedBody extends FilterInputStream {

		private final ResponseLease lease;

		LeasedBody(InputStream body, ResponseLease lease) {
			super(body);
			this.lease = lease;
		}

		@Override
		public int read() throws IOException {
			try {
				return super.read();
			}
			catch (IOException | RuntimeException ex) {
				this.lease.failed(ex);
				throw ex;
			}
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			try {
				return super.read(buffer, offset, length);
			}
			catch (IOException | RuntimeException ex) {
				this.lease.failed(ex);
				throw ex;
			}
		}

		@Override
		public long skip(long count) throws IOException {
			try {
				return super.skip(count);
			}
			catch (IOException | RuntimeException ex) {
				this.lease.failed(ex);
				throw ex;
			}
		}

		@Override
		public void close() throws IOException {
			try {
				super.close();
			}
			finally {
				this.lease.ended();
			}
		}

	}

}
