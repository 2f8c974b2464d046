package dev.servicepool.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;

import dev.servicepool.fixtures.Handler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Responds to {@code GET /N} with N mebibytes, and to {@code POST} with the result of
 * {@link #read}. Neither direction is buffered.
 */
public final class StreamHandler implements Handler {

	private static final int MEBIBYTE = 1024 * 1024;

	private static final int MAX_MEBIBYTES = 1024;

	/** Random bytes, of which each mebibyte of a body starts one byte later. */
	private static final byte[] BYTES = new byte[MEBIBYTE + MAX_MEBIBYTES];

	static {
		new Random(42).nextBytes(BYTES);
	}

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (request.getMethod().equals("GET")) {
			write(Integer.parseInt(request.getRequestURI().substring(1)), response.getOutputStream());
		}
		else {
			response.getOutputStream().print(read(request.getInputStream()));
		}
	}

	/** Write mebibytes, each with different bytes. */
	public static void write(int mebibytes, OutputStream output) throws IOException {
		for (int number = 0; number < mebibytes; number++) {
			output.write(BYTES, number, MEBIBYTE);
		}
	}

	/**
	 * Read and verify what {@link #write} wrote.
	 * @param input the stream to read
	 * @return the size in MiB, or the position of the first wrong byte
	 * @throws IOException if reading fails
	 */
	public static String read(InputStream input) throws IOException {
		byte[] block = new byte[MEBIBYTE];
		int number = 0;
		int length = input.readNBytes(block, 0, MEBIBYTE);
		while (length > 0) {
			int wrong = Arrays.mismatch(block, 0, length, BYTES, number, number + length);
			if (wrong >= 0) {
				return "wrong at " + ((long) number * MEBIBYTE + wrong);
			}
			if (length < MEBIBYTE) {
				break;
			}
			number++;
			length = input.readNBytes(block, 0, MEBIBYTE);
		}
		return number + (double) length / MEBIBYTE + " MiB";
	}

}
