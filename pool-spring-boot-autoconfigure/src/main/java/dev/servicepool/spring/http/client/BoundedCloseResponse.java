package dev.servicepool.spring.http.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Response that is closed within a short time, even if its body never ends. Closing the
 * response or its body reads the rest of a short body, so that the connection can be used
 * again. If more remains, or if the rest does not arrive in time, the request is
 * canceled.
 * <p>
 * Like any response, it must not be used concurrently.
 */
final class BoundedCloseResponse extends ForwardingResponse {

	/**
	 * The maximum number of bytes that are read when the response is closed. Servers end
	 * an HTTP/2 connection with several canceled requests, together with its other
	 * requests, which is worse than reading these bytes.
	 */
	private static final int MAX_BYTES = 1024 * 1024;

	/**
	 * The maximum time to read them, in steps. If the process gets no processor time for
	 * a while, the thread that reads did not get any either. Such a time is one step.
	 */
	private static final int MAX_STEPS = 5;

	private static final long STEP = Duration.ofMillis(10).toNanos();

	private static final int BUFFER = 4096;

	private final Cancellation cancellation;

	private @Nullable Body body;

	private boolean closed;

	/**
	 * Create an instance.
	 * @param response the response of the library
	 * @param cancellation cancels the request of a response
	 */
	BoundedCloseResponse(ClientHttpResponse response, Cancellation cancellation) {
		super(response);
		this.cancellation = cancellation;
	}

	@Override
	public InputStream getBody() throws IOException {
		return body();
	}

	private Body body() throws IOException {
		Body body = this.body;
		if (body == null) {
			InputStream content = this.response.getBody();
			body = new Body((content != null) ? content : InputStream.nullInputStream(),
					ContentLength.of(this.response.getHeaders()));
			this.body = body;
		}
		return body;
	}

	@Override
	public void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		boolean ended = false;
		try {
			ended = body().readToEnd();
		}
		catch (IOException | RuntimeException ex) {
			// Callers who close a response do not need the rest of its body.
		}
		if (ended) {
			this.response.close();
		}
		else {
			cancel();
		}
	}

	private void cancel() {
		try {
			this.cancellation.cancel(this.response);
		}
		catch (IOException | RuntimeException ex) {
			// The connection is lost, which also cancels the request.
		}
	}

	/** Body of the response, which remembers how far it was read. */
	private final class Body extends FilterInputStream {

		/** The announced length, -1 if unknown. */
		private final long length;

		private long count;

		private boolean ended;

		private boolean failed;

		Body(InputStream body, long length) {
			super(body);
			this.length = length;
		}

		@Override
		public int read() throws IOException {
			this.failed = true;
			int next = super.read();
			this.failed = false;
			advance(next, 1);
			return next;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			this.failed = true;
			int read = super.read(buffer, offset, length);
			this.failed = false;
			advance(read, read);
			return read;
		}

		@Override
		public long skip(long count) throws IOException {
			this.failed = true;
			long skipped = super.skip(count);
			this.failed = false;
			advance(0, skipped);
			return skipped;
		}

		private void advance(int result, long bytes) {
			if (result >= 0) {
				this.count += bytes;
			}
			this.ended |= result < 0 || this.count == this.length;
		}

		/**
		 * Read the rest of the body if it is short and arrives in time.
		 * @return whether the body was read to its end
		 */
		boolean readToEnd() throws IOException {
			if (this.ended || this.failed) {
				return this.ended;
			}
			Limit limit = new Limit();
			RequestTimer.CLOSING.start(limit, STEP);
			try {
				byte[] buffer = new byte[BUFFER];
				long end = this.count + MAX_BYTES;
				do {
					// The response to a HEAD request announces a body and has none.
					read(buffer, 0, BUFFER);
				}
				while (!this.ended && this.count < end && this.length - this.count <= MAX_BYTES);
			}
			finally {
				// A body that was canceled may look as if it had ended.
				this.ended &= limit.end();
			}
			return this.ended;
		}

		@Override
		public void close() {
			BoundedCloseResponse.this.close();
		}

	}

	/** Cancels the request if the rest of its body does not arrive in time. */
	private final class Limit extends RequestTimer.Action {

		/** The number of steps, 0 after the last one. Guarded by this. */
		private int steps = MAX_STEPS;

		/** Whether the body was read in time. Guarded by this. */
		private boolean ended;

		@Override
		protected void run() {
			if (isOver()) {
				cancel();
			}
		}

		private synchronized boolean isOver() {
			if (this.ended) {
				return false;
			}
			this.steps--;
			if (this.steps > 0) {
				RequestTimer.CLOSING.start(this, STEP);
			}
			return this.steps == 0;
		}

		/**
		 * End the time.
		 * @return whether this call was in time
		 */
		synchronized boolean end() {
			this.ended = true;
			RequestTimer.CLOSING.stop(this);
			return this.steps > 0;
		}

	}

}
