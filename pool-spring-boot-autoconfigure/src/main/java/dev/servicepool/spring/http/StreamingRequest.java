package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.OutputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.util.Assert;
import org.springframework.util.FastByteArrayOutputStream;

/**
 * Request whose body is read when the request is executed. Content that is written
 * earlier is buffered.
 * <p>
 * Like any request, it must not be used concurrently.
 */
abstract class StreamingRequest implements ClientHttpRequest, StreamingHttpOutputMessage {

	private @Nullable Body body;

	private @Nullable OutputStream written;

	@Override
	public final void setBody(Body body) {
		Assert.state(this.written == null, "Invoke either getBody or setBody; not both");
		this.body = body;
	}

	@Override
	public final OutputStream getBody() {
		if (this.written == null) {
			Assert.state(this.body == null, "Invoke either getBody or setBody; not both");
			FastByteArrayOutputStream buffer = new FastByteArrayOutputStream();
			this.written = buffer;
			this.body = new BufferedBody(buffer);
		}
		return this.written;
	}

	/** Return the callback that writes the body, if there is one. */
	final @Nullable Body body() {
		return this.body;
	}

	/**
	 * Body whose content is in memory, so that it can be sent more than once.
	 *
	 * @param buffer the content
	 */
	private record BufferedBody(FastByteArrayOutputStream buffer) implements Body {

		@Override
		public void writeTo(OutputStream output) throws IOException {
			this.buffer.writeTo(output);
		}

		@Override
		public boolean repeatable() {
			return true;
		}

	}

}
