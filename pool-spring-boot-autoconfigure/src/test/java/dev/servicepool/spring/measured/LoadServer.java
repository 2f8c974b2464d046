package dev.servicepool.spring.measured;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import dev.servicepool.fixtures.TestKeyStore;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat server that supports HTTP/2 and keeps a log of its connections. The parameter
 * {@code hold} delays the response, in milliseconds. The parameter {@code size} sets the
 * length of the response, in bytes.
 */
final class LoadServer implements AutoCloseable {

	private static final byte[] CHUNK = new byte[8192];

	private final Tomcat tomcat = new Tomcat();

	private final Connector connector = new Connector();

	private final ConnectionLog log = new ConnectionLog();

	private final LongAdder received = new LongAdder();

	private final LongAdder sent = new LongAdder();

	private LoadServer(Path folder, Http2Protocol http2, @Nullable Path keyStore)
			throws IOException, LifecycleException {
		this.connector.setPort(0);
		this.connector.setProperty("address", "127.0.0.1");
		this.connector.addUpgradeProtocol(http2);
		if (keyStore != null) {
			secure(keyStore);
		}
		this.tomcat.setBaseDir(Files.createTempDirectory(folder, "tomcat").toString());
		this.tomcat.setConnector(this.connector);
		Context context = this.tomcat.addContext("", null);
		Wrapper wrapper = Tomcat.addServlet(context, "load", new LoadServlet());
		wrapper.addMapping("/");
		this.tomcat.start();
	}

	/** Start a server with Tomcat's defaults. */
	static LoadServer withTomcatsDefaults(Path folder) throws IOException, LifecycleException {
		return new LoadServer(folder, new Http2Protocol(), null);
	}

	/** Start a server with Tomcat's defaults and TLS. */
	static LoadServer withTomcatsDefaults(Path folder, Path keyStore) throws IOException, LifecycleException {
		return new LoadServer(folder, new Http2Protocol(), keyStore);
	}

	/**
	 * Start a server with Tomcat's defaults that accepts small frames. The JDK's client
	 * sends small frames when uploads share a connection, and Tomcat would treat them as
	 * an attack.
	 */
	static LoadServer acceptingSmallFrames(Path folder) throws IOException, LifecycleException {
		Http2Protocol http2 = new Http2Protocol();
		http2.setOverheadDataThreshold(0);
		return new LoadServer(folder, http2, null);
	}

	/**
	 * Start a server that processes all requests of a connection concurrently.
	 * @param streams the maximum number of concurrent requests on a connection
	 * @param folder an empty directory for the files of the server
	 * @return the server
	 * @throws IOException if the directory cannot be created
	 * @throws LifecycleException if Tomcat cannot start
	 */
	static LoadServer allowing(int streams, Path folder) throws IOException, LifecycleException {
		Http2Protocol http2 = new Http2Protocol();
		http2.setMaxConcurrentStreams(streams);
		http2.setMaxConcurrentStreamExecution(streams);
		return new LoadServer(folder, http2, null);
	}

	private void secure(Path keyStore) {
		this.connector.setSecure(true);
		this.connector.setScheme("https");
		this.connector.setProperty("SSLEnabled", "true");
		SSLHostConfig host = new SSLHostConfig();
		SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host,
				SSLHostConfigCertificate.Type.UNDEFINED);
		certificate.setCertificateKeystoreFile(keyStore.toString());
		certificate.setCertificateKeystorePassword(TestKeyStore.PASSWORD);
		host.addCertificate(certificate);
		this.connector.addSslHostConfig(host);
	}

	URI uri() {
		return URI.create(this.connector.getScheme() + "://127.0.0.1:" + this.connector.getLocalPort());
	}

	ConnectionLog log() {
		return this.log;
	}

	/** Return the number of request bytes received. */
	long received() {
		return this.received.sum();
	}

	/** Return the number of response bytes that the servlet wrote. */
	long sent() {
		return this.sent.sum();
	}

	@Override
	public void close() throws LifecycleException {
		this.tomcat.stop();
		this.tomcat.destroy();
	}

	private final class LoadServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			ConnectionLog.Connection connection = LoadServer.this.log
				.begin(request.getServletConnection().getConnectionId(), request.getProtocol());
			try {
				receive(request);
				work(request.getParameter("hold"));
				respond(request.getParameter("size"), response);
			}
			finally {
				connection.end();
			}
		}

		private void receive(HttpServletRequest request) throws IOException {
			byte[] buffer = new byte[CHUNK.length];
			int length = request.getInputStream().read(buffer);
			while (length > 0) {
				LoadServer.this.received.add(length);
				length = request.getInputStream().read(buffer);
			}
		}

		/** Sleep to simulate work. */
		private static void work(@Nullable String millis) throws IOException {
			try {
				TimeUnit.MILLISECONDS.sleep((millis != null) ? Long.parseLong(millis) : 0);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new InterruptedIOException("interrupted");
			}
		}

		private void respond(@Nullable String size, HttpServletResponse response) throws IOException {
			int left = (size != null) ? Integer.parseInt(size) : 2;
			response.setContentLength(left);
			OutputStream body = response.getOutputStream();
			while (left > 0) {
				int length = Math.min(left, CHUNK.length);
				body.write(CHUNK, 0, length);
				LoadServer.this.sent.add(length);
				left -= length;
			}
		}

	}

}
