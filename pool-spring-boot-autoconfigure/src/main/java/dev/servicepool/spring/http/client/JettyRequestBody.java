package dev.servicepool.spring.http.client;

import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;

/**
 * Body of a request that ends with its last announced byte. Spring sends the end of a
 * request separately. A server that responds to the complete body without reading the end
 * may reset the rest of the request over HTTP/2, and the client then discards the
 * response. Used by the thread that sends the request; the client calls one method after
 * the other.
 */
final class JettyRequestBody implements Request.Content {

	private final Request.Content body;

	/** The announced bytes that were not read. */
	private long left;

	private JettyRequestBody(Request.Content body, long length) {
		this.body = body;
		this.left = length;
	}

	/** Let the body of a request end with its last byte, if its length is announced. */
	static void install(Request request) {
		Request.Content body = request.getBody();
		long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
		if (body != null && length > 0) {
			request.body(new JettyRequestBody(body, length));
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
		return (this.left == 0) ? Content.Chunk.asChunk(chunk.getByteBuffer(), true, chunk) : chunk;
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
