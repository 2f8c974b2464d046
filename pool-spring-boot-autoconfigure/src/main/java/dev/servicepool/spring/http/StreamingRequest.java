package dev.servicepool.spring.http;

import java.io.OutputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.util.Assert;
import org.springframework.util.FastByteArrayOutputStream;

/**
 * A request whose body is asked for when it is executed. What is written to it before is
 * kept until then.
 * <p>
 * Like any request it is used by one thread at a time.
 */
abstract class StreamingRequest implements ClientHttpRequest, StreamingHttpOutputMessage {

	private @Nullable Body body;

	private @Nullable OutputStream written;

	@Override
	public final void setBody(Body body) {
		Assert.state(this.written == null, "The body is written to already; it cannot be set as well");
		this.body = body;
	}

	@Override
	public final OutputStream getBody() {
		if (this.written == null) {
			Assert.state(this.body == null, "The body is set already; it cannot be written to as well");
			FastByteArrayOutputStream buffer = new FastByteArrayOutputStream();
			this.written = buffer;
			this.body = buffer::writeTo;
		}
		return this.written;
	}

	/** Return what writes the body, if there is one. */
	final @Nullable Body body() {
		return this.body;
	}

}
