package dev.servicepool.compatibility;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;

/**
 * Server for tests. {@code /wait} completes its responses when a certain number of
 * requests have arrived, {@code /status/N} responds with that status, and {@code /parts}
 * responds in two parts, of which the test triggers the second. {@code /silent} responds
 * when the test triggers the second part. All other paths respond with a description of
 * the request.
 */
final class Upstream implements AutoCloseable {

	/** Each of the two parts of the response of {@code /parts}. */
	static final String PART = "part".repeat(10_000);

	private final Tomcat tomcat = new Tomcat();

	private final Connector connector = new Connector();

	private final AtomicInteger requests = new AtomicInteger();

	private final CountDownLatch arrivals;

	private final CountDownLatch secondPart = new CountDownLatch(1);

	/**
	 * Start a server.
	 * @param folder the folder for the files of the server
	 * @param expected the number of requests that complete the responses of {@code /wait}
	 */
	Upstream(Path folder, int expected) throws LifecycleException {
		this.arrivals = new CountDownLatch(expected);
		this.connector.setPort(0);
		this.connector.setProperty("address", "127.0.0.1");
		// Connections remain open until the client closes them.
		this.connector.setProperty("keepAliveTimeout", "-1");
		this.connector.setProperty("maxKeepAliveRequests", "-1");
		this.tomcat.setBaseDir(folder.toString());
		this.tomcat.setConnector(this.connector);
		Context context = this.tomcat.addContext("", null);
		Wrapper wrapper = Tomcat.addServlet(context, "all", new AllServlet());
		wrapper.addMapping("/");
		this.tomcat.start();
	}

	URI uri() {
		return URI.create("http://127.0.0.1:" + this.connector.getLocalPort());
	}

	/** Return the number of requests so far. */
	int requests() {
		return this.requests.get();
	}

	/**
	 * Return the number of open connections. Tomcat also counts the next one, for which
	 * it waits.
	 */
	long connections() {
		return ((AbstractProtocol<?>) this.connector.getProtocolHandler()).getConnectionCount() - 1;
	}

	void sendSecondPart() {
		this.secondPart.countDown();
	}

	@Override
	public void close() throws LifecycleException {
		this.tomcat.stop();
		this.tomcat.destroy();
	}

	private static void await(CountDownLatch latch) throws IOException {
		try {
			if (!latch.await(60, TimeUnit.SECONDS)) {
				throw new IOException("still waiting for the test after 60s");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("interrupted");
		}
	}

	private final class AllServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			Upstream.this.requests.incrementAndGet();
			int length = request.getInputStream().readAllBytes().length;
			String path = request.getRequestURI();
			if (path.startsWith("/wait")) {
				Upstream.this.arrivals.countDown();
				response.flushBuffer();
				await(Upstream.this.arrivals);
			}
			if (path.startsWith("/silent")) {
				await(Upstream.this.secondPart);
			}
			if (path.startsWith("/status/")) {
				response.setStatus(Integer.parseInt(path.substring("/status/".length())));
			}
			if (path.startsWith("/parts")) {
				OutputStream output = response.getOutputStream();
				output.write(PART.getBytes(StandardCharsets.US_ASCII));
				output.flush();
				await(Upstream.this.secondPart);
				output.write(PART.getBytes(StandardCharsets.US_ASCII));
				return;
			}
			response.getWriter()
				.print(request.getMethod() + " " + path + ", " + length + " bytes, Transfer-Encoding "
						+ request.getHeader("Transfer-Encoding"));
		}

	}

}
