package dev.servicepool.spring.http.client;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

import org.springframework.http.StreamingHttpOutputMessage;

/**
 * Request body whose writer lets other threads run. A server may reject a request without
 * reading its body, and then close the connection. Some clients keep writing until this
 * fails, and lose the response if their other threads have not read it before.
 * <p>
 * Most servers reject a request soon. The writer therefore yields less often the more it
 * has written, so that accepted bodies take little longer.
 *
 * @param body writes the content
 */
record YieldingBody(StreamingHttpOutputMessage.Body body) implements StreamingHttpOutputMessage.Body {

	@Override
	public void writeTo(OutputStream output) throws IOException {
		this.body.writeTo(new YieldingOutput(output));
	}

	@Override
	public boolean repeatable() {
		return this.body.repeatable();
	}

	/** Used by one thread, which writes the body. */
	private static final class YieldingOutput extends FilterOutputStream {

		/**
		 * Number of bytes after which the writer yields, initially 64 KiB. Doubles each
		 * time.
		 */
		private long next = 64 << 10;

		private long written;

		YieldingOutput(OutputStream output) {
			super(output);
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
