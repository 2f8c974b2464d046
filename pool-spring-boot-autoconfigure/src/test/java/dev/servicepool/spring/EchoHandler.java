package dev.servicepool.spring;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Received;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Records each request completely, except for {@code /unseen}. The path determines the
 * response: {@code /status/N}, {@code /redirect/N?to=URI}, {@code /bytes/N},
 * {@code /gzip}, or {@code /many} (header fields with several values). The response to
 * any other path has the body of the request.
 */
public final class EchoHandler implements Handler {

	private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());

	/**
	 * Request as the server received it.
	 *
	 * @param line the method, the encoded path and query, and the protocol
	 * @param authority the value of {@code Host} or {@code :authority}
	 * @param headers the header fields by name in lower case
	 * @param length the length of the body, in bytes
	 * @param checksum the CRC-32 checksum of the body
	 */
	public record Seen(String line, String authority, Map<String, List<String>> headers, long length, long checksum) {
	}

	/** Return and forget the recorded requests. */
	public List<Seen> drain() {
		synchronized (this.seen) {
			List<Seen> drained = List.copyOf(this.seen);
			this.seen.clear();
			return drained;
		}
	}

	/** Return bytes that follow a pattern, so that a test detects any change. */
	public static byte[] bytes(int count) {
		byte[] bytes = new byte[count];
		for (int i = 0; i < count; i++) {
			bytes[i] = (byte) (i * 31 + (i >> 8));
		}
		return bytes;
	}

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
		byte[] body = request.getInputStream().readAllBytes();
		String[] path = request.getRequestURI().split("/");
		if (path.length > 1 && "unseen".equals(path[1])) {
			return;
		}
		this.seen.add(seen(request, body));
		switch ((path.length > 1) ? path[1] : "") {
			case "status" -> response.setStatus(Integer.parseInt(path[2]));
			case "redirect" -> redirect(request, response, Integer.parseInt(path[2]));
			case "bytes" -> response.getOutputStream().write(bytes(Integer.parseInt(path[2])));
			case "gzip" -> gzip(request, response);
			case "many" -> many(response);
			default -> response.getOutputStream().write(body);
		}
	}

	private static Seen seen(HttpServletRequest request, byte[] body) {
		Received received = Received.of(request);
		CRC32 checksum = new CRC32();
		checksum.update(body);
		return new Seen(received.line(), received.authority(), received.headers(), body.length, checksum.getValue());
	}

	private static void redirect(HttpServletRequest request, HttpServletResponse response, int status)
			throws IOException {
		response.setStatus(status);
		response.setHeader("Location", Objects.requireNonNull(request.getParameter("to")));
		response.getOutputStream().print("moved");
	}

	private static void gzip(HttpServletRequest request, HttpServletResponse response) throws IOException {
		byte[] text = "compressed".repeat(1000).getBytes();
		String accepted = request.getHeader("Accept-Encoding");
		if (accepted == null || !accepted.contains("gzip")) {
			response.getOutputStream().write(text);
			return;
		}
		ByteArrayOutputStream compressed = new ByteArrayOutputStream();
		try (OutputStream gzip = new GZIPOutputStream(compressed)) {
			gzip.write(text);
		}
		response.setHeader("Content-Encoding", "gzip");
		response.getOutputStream().write(compressed.toByteArray());
	}

	private static void many(HttpServletResponse response) throws IOException {
		response.addHeader("X-Many", "a, b");
		response.addHeader("X-Many", "c");
		response.addHeader("Set-Cookie", "one=1; Path=/");
		response.addHeader("Set-Cookie", "two=2; Path=/; HttpOnly");
		response.getOutputStream().print("many");
	}

}
