package dev.servicepool.spring.http.client;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

import org.springframework.http.StreamingHttpOutputMessage;

/**
 * Request body whose writer lets other threads run. A server may reject a request without
 * reading its body, and then close the connection. The JDK's client keeps writing until
 * this fails, and loses the response if its other threads have not read it before.
 * <p>
 * Most servers reject a request soon. The writer therefore yields less often the more it
 * has written, so that accepted bodies take little longer.
 *
 * @param body writes the content
 * @param first the number of bytes after which the writer yields for the first time,
 * positive
 */
record YieldingBody(StreamingHttpOutputMessage.Body body, int first) implements StreamingHttpOutputMessage.Body {

	@Override
	public void writeTo(OutputStream output) throws IOException {
		this.body.writeTo(new YieldingOutput(output, this.first));
	}

	@Override
	public boolean repeatable() {
		return this.body.repeatable();
	}

	/** Used by one thread, which writes the body. */
	private static final class YieldingOutput extends FilterOutputStream {

		/** Number of bytes after which the writer yields. Doubles each time. */
		private long next;

		private long written;

		YieldingOutput(OutputStream output, int first) {
			super(output);
			this.next = first;
		}

		@Override
		public void write(int data) throws IOException {
			write(new byte[] { (byte) data }, 0, 1);
		}

		@Override
		public void write(byte[] data, int offset, int length) throws IOException {
			int end = offset + length;
			int begin = offset;
			while (end - begin >= this.next - this.written) {
				int count = (int) (this.next - this.written);
				this.out.write(data, begin, count);
				begin += count;
				this.written = this.next;
				this.next *= 2;
				Thread.yield();
			}
			this.out.write(data, begin, end - begin);
			this.written += end - begin;
		}

	}

}
