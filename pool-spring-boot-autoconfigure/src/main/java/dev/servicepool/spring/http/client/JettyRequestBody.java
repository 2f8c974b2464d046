package dev.servicepool.spring.http.client;

import java.io.IOException;

import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;

/**
 * Body of a request that ends with its last announced byte. Spring sends the end of a
 * request separately. A server that responds to the complete body without reading the end
 * may reset the rest of the request over HTTP/2, and the client then discards the
 * response. The client calls one method after the other, and none after it has read the
 * last byte. From then on, the code that writes the body calls back.
 */
final class JettyRequestBody implements Request.Content {

	private final Request request;

	private final Request.Content body;

	private final long length;

	/** The announced bytes that were not read. */
	private long left;

	private JettyRequestBody(Request request, Request.Content body, long length) {
		this.request = request;
		this.body = body;
		this.length = length;
		this.left = length;
	}

	/** Let the body of a request end with its last byte, if its length is announced. */
	static void install(Request request) {
		Request.Content body = request.getBody();
		long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
		if (body != null && length > 0) {
			request.body(new JettyRequestBody(request, body, length));
		}
	}

	@Override
	public String getContentType() {
		return this.body.getContentType();
	}

	@Override
	public long getLength() {
		return this.body.getLength();
	}

	@Override
	public Content.Chunk read() {
		if (this.left == 0) {
			return Content.Chunk.EOF;
		}
		Content.Chunk chunk = this.body.read();
		if (chunk == null || chunk.isLast() || Content.Chunk.isFailure(chunk)) {
			return chunk;
		}
		this.left -= chunk.remaining();
		if (this.left != 0) {
			return chunk;
		}
		this.body.demand(this::readEnd);
		return Content.Chunk.asChunk(chunk.getByteBuffer(), true, chunk);
	}

	/**
	 * Read what follows the last announced byte. Writing further bytes would otherwise
	 * not return.
	 */
	private void readEnd() {
		Content.Chunk chunk = this.body.read();
		if (chunk == null) {
			this.body.demand(this::readEnd);
			return;
		}
		boolean longer = chunk.hasRemaining();
		chunk.release();
		if (longer) {
			IOException failure = new IOException(
					"The body of a request is longer than its Content-Length of " + this.length + " bytes");
			this.body.fail(failure);
			this.request.abort(failure);
		}
		else if (!chunk.isLast()) {
			this.body.demand(this::readEnd);
		}
	}

	@Override
	public void demand(Runnable demandCallback) {
		if (this.left == 0) {
			demandCallback.run();
		}
		else {
			this.body.demand(demandCallback);
		}
	}

	@Override
	public void fail(Throwable failure) {
		this.body.fail(failure);
	}

	@Override
	public void fail(Throwable failure, boolean last) {
		this.body.fail(failure, last);
	}

	@Override
	public boolean rewind() {
		return false;
	}

}
