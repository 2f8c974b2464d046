package dev.servicepool.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import dev.servicepool.fixtures.Handler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Responds to {@code GET /N} with N mebibytes, and to {@code POST} with the result of
 * {@link #read}. Neither direction is buffered.
 */
public final class StreamHandler implements Handler {

	private static final int MEBIBYTE = 1024 * 1024;

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (request.getMethod().equals("GET")) {
			write(Integer.parseInt(request.getRequestURI().substring(1)), response.getOutputStream());
		}
		else {
			response.getOutputStream().print(read(request.getInputStream()));
		}
	}

	/** Write mebibytes, each with a different pattern. */
	public static void write(int mebibytes, OutputStream output) throws IOException {
		byte[] block = new byte[MEBIBYTE];
		for (int number = 0; number < mebibytes; number++) {
			fill(block, number);
			output.write(block);
		}
	}

	/**
	 * Read and verify what {@link #write} wrote.
	 * @param input the stream to read
	 * @return the size in MiB, or the position of the first wrong byte
	 * @throws IOException if reading fails
	 */
	public static String read(InputStream input) throws IOException {
		byte[] expected = new byte[MEBIBYTE];
		byte[] buffer = new byte[64 * 1024];
		long length = 0;
		for (int count = input.read(buffer); count != -1; count = input.read(buffer)) {
			for (int i = 0; i < count; i++, length++) {
				int position = (int) (length % MEBIBYTE);
				if (position == 0) {
					fill(expected, (int) (length / MEBIBYTE));
				}
				if (buffer[i] != expected[position]) {
					return "wrong at " + length;
				}
			}
		}
		return (double) length / MEBIBYTE + " MiB";
	}

	private static void fill(byte[] block, int number) {
		for (int i = 0; i < block.length; i++) {
			block[i] = (byte) (i + (i >> 8) + number);
		}
	}

}
