package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;

import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;

/**
 * A request that knows whether a client may have sent it.
 * <p>
 * A client that follows redirects can fail on the second leg of a request that the server
 * has carried out on the first, and its exception does not tell them apart. But no client
 * gets to a second leg without having asked for the body on the first, and to send that
 * twice would be wrong anyway if it can be read but once. So a request without a body
 * that must not be repeated gets an empty one to be asked for.
 */
final class WatchedCall {

	/** To repeat one of these does what doing it once does. */
	private static final Set<HttpMethod> IDEMPOTENT = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS,
			HttpMethod.TRACE, HttpMethod.PUT, HttpMethod.DELETE);

	private final HttpCall call;

	/** Written by the thread that sends the body. */
	private volatile boolean begun;

	WatchedCall(HttpCall call) {
		if (call.body() != null) {
			this.call = call.withBody(new WatchedBody(call.body()));
		}
		else {
			this.call = IDEMPOTENT.contains(call.method()) ? call : call.withBody(new NoBody());
		}
	}

	/** Return the request, to be sent in place of the original. */
	HttpCall call() {
		return this.call;
	}

	/** Whether the request can be sent again after a client has failed to send it. */
	boolean isRepeatable() {
		return !this.begun;
	}

	/** Stands for the body of a request that has none. */
	final class NoBody implements StreamingHttpOutputMessage.Body {

		/** The client does not ask for it, so it may send the request at any time. */
		void sendWithout() {
			WatchedCall.this.begun = true;
		}

		@Override
		public void writeTo(OutputStream output) {
			WatchedCall.this.begun = true;
		}

		@Override
		public boolean repeatable() {
			return true;
		}

	}

	private final class WatchedBody implements StreamingHttpOutputMessage.Body {

		private final StreamingHttpOutputMessage.Body body;

		WatchedBody(StreamingHttpOutputMessage.Body body) {
			this.body = body;
		}

		@Override
		public void writeTo(OutputStream output) throws IOException {
			WatchedCall.this.begun = true;
			try {
				this.body.writeTo(output);
			}
			catch (Error ex) {
				// A client that writes on a thread of its own lets that thread die of it,
				// and the caller wait for ever.
				throw new IOException("The body could not be written", ex);
			}
		}

		@Override
		public boolean repeatable() {
			return this.body.repeatable();
		}

	}

}
