package dev.servicepool.spring.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;

/**
 * Request that knows whether a client may have sent it.
 * <p>
 * A client that follows redirects can fail on the second request of a redirect after the
 * server has processed the first one. Its exception does not distinguish these requests.
 * However, a client that sends a second request has asked for the body of the first one.
 * A body must not be sent twice anyway, because some bodies can be read only once.
 * Therefore, a request without a body that must not be repeated gets an empty body, so
 * that the client asks for it. A client that knows its redirects can report that the
 * request is unsent nevertheless.
 */
final class WatchedCall {

	/** Methods whose repetition has the same effect as one request. */
	private static final Set<HttpMethod> IDEMPOTENT = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS,
			HttpMethod.TRACE, HttpMethod.PUT, HttpMethod.DELETE);

	private final HttpCall call;

	/**
	 * Whether the client may have sent the request. Written by the thread that sends the
	 * body, read by the thread of the request.
	 */
	private volatile boolean begun;

	/**
	 * Whether the application failed to provide the body. Written by the thread that
	 * sends the body, read by the thread of the request.
	 */
	private volatile boolean bodyFailed;

	/**
	 * Create an instance.
	 * @param call the request; if its body has the declared length 0, a client may not
	 * ask for the body
	 */
	WatchedCall(HttpCall call) {
		if (call.body() != null && call.headers().getContentLength() != 0) {
			this.call = call.withBody(new WatchedBody(call.body()));
		}
		else {
			this.call = IDEMPOTENT.contains(call.method()) ? call : call.withBody(new EmptyBody(call.body()));
		}
	}

	/** Return the request to send instead of the original. */
	HttpCall call() {
		return this.call;
	}

	/**
	 * Return whether the request can be sent again after a client has failed to send it.
	 */
	boolean isUnsent() {
		return !this.begun;
	}

	/**
	 * Return whether the client has certainly not sent the request, because it has not
	 * asked for the body.
	 */
	boolean isCertainlyUnsent() {
		return this.call.body() != null && !this.begun;
	}

	/**
	 * Return whether the request can be repeated although a server may have processed it.
	 */
	boolean isRepeatable(RequestPolicy policy) {
		StreamingHttpOutputMessage.Body body = this.call.body();
		return (body == null || body.repeatable()) && policy.admits(this.call);
	}

	/** Return whether the application failed to provide the body. */
	boolean hasBodyFailed() {
		return this.bodyFailed;
	}

	/**
	 * Record that no server has processed a request. If its body can be read again, the
	 * request is then unsent again.
	 * @param call the request, which may be watched
	 */
	static void notProcessed(HttpCall call) {
		if (call.body() instanceof OwnBody body && body.repeatable()) {
			body.begun(false);
		}
	}

	/**
	 * Return the form of a request that a client sends.
	 * @param call the request, which is unchanged if it has a body or needs none
	 * @param emptyBody whether the client asks for an empty body, which requires that no
	 * length is declared; otherwise, the time at which the client sends a request without
	 * a body is unknown
	 */
	static HttpCall withEmptyBody(HttpCall call, boolean emptyBody) {
		if (!(call.body() instanceof EmptyBody empty)) {
			return call;
		}
		if (!emptyBody) {
			empty.sendWithout();
			return call.withBody(empty.original);
		}
		HttpHeaders headers = HttpHeaders.copyOf(call.headers());
		headers.remove(HttpHeaders.CONTENT_LENGTH);
		return call.withHeaders(headers);
	}

	private abstract class OwnBody implements StreamingHttpOutputMessage.Body {

		final void begun(boolean begun) {
			WatchedCall.this.begun = begun;
		}

	}

	/** Empty body of a request that has no body, or a body of length 0. */
	private final class EmptyBody extends OwnBody {

		private final StreamingHttpOutputMessage.@Nullable Body original;

		EmptyBody(StreamingHttpOutputMessage.@Nullable Body original) {
			this.original = original;
		}

		/**
		 * Record that the client does not ask for the body and may send the request at
		 * any time.
		 */
		void sendWithout() {
			begun(true);
		}

		@Override
		public void writeTo(OutputStream output) {
			begun(true);
		}

		@Override
		public boolean repeatable() {
			return true;
		}

	}

	private final class WatchedBody extends OwnBody {

		private final StreamingHttpOutputMessage.Body body;

		WatchedBody(StreamingHttpOutputMessage.Body body) {
			this.body = body;
		}

		@Override
		public void writeTo(OutputStream output) throws IOException {
			begun(true);
			WatchedOutput watched = new WatchedOutput(output);
			try {
				this.body.writeTo(watched);
			}
			catch (IOException | RuntimeException ex) {
				WatchedCall.this.bodyFailed = !watched.failed;
				throw ex;
			}
			catch (Error ex) {
				WatchedCall.this.bodyFailed = true;
				// Convert the error, because it would end the thread on which the client
				// writes, and the caller would wait indefinitely.
				throw new IOException("Writing the request body failed", ex);
			}
		}

		@Override
		public boolean repeatable() {
			return this.body.repeatable();
		}

	}

	/** Output that knows whether the client rejected data. */
	private static final class WatchedOutput extends FilterOutputStream {

		private boolean failed;

		WatchedOutput(OutputStream output) {
			super(output);
		}

		@Override
		public void write(int data) throws IOException {
			write(new byte[] { (byte) data }, 0, 1);
		}

		@Override
		public void write(byte[] data, int offset, int length) throws IOException {
			try {
				this.out.write(data, offset, length);
			}
			catch (IOException ex) {
				this.failed = true;
				throw ex;
			}
		}

		@Override
		public void flush() throws IOException {
			try {
				this.out.flush();
			}
			catch (IOException ex) {
				this.failed = true;
				throw ex;
			}
		}

	}

}
