package dev.servicepool.spring;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.jspecify.annotations.Nullable;

/**
 * A real server that speaks HTTP/2, in the clear and over TLS with a certificate of its
 * own, and answers each request with the protocols that it came by, after the
 * milliseconds of its parameter {@code record}.
 */
public final class Http2Server implements AutoCloseable {

	/**
	 * In place of a number of streams: a server that speaks HTTP/1.1 and nothing else.
	 */
	public static final int HTTP_1_1 = 0;

	private final Tomcat tomcat = new Tomcat();

	private final Connector clear;

	private final Connector secure;

	private final TestKeyStore keyStore;

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicLong bytes = new AtomicLong();

	/**
	 * Start a server.
	 * @param folder an empty folder for its files
	 * @param streams how many requests it allows at a time on a connection
	 */
	public Http2Server(Path folder, int streams) throws IOException, LifecycleException {
		this(folder, streams, null);
	}

	/**
	 * Start a server that answers in some other way.
	 * @param folder an empty folder for its files
	 * @param streams how many requests it allows at a time on a connection
	 * @param servlet answers all requests
	 */
	public Http2Server(Path folder, int streams, @Nullable HttpServlet servlet) throws IOException, LifecycleException {
		this.clear = connector(streams);
		this.secure = connector(streams);
		this.keyStore = TestKeyStore.loopback();
		this.tomcat.setBaseDir(Files.createDirectory(folder.resolve("tomcat")).toString());
		this.tomcat.setConnector(this.clear);
		secure();
		this.tomcat.getService().addConnector(this.secure);
		Context context = this.tomcat.addContext("", null);
		Tomcat.addServlet(context, "all", (servlet != null) ? servlet : new ProtocolServlet()).setAsyncSupported(true);
		context.addServletMapping("/", "all");
		this.tomcat.start();
	}

	private static Connector connector(int streams) {
		Connector connector = new Connector();
		connector.setPort(0);
		connector.setProperty("address", "127.0.0.1");
		connector.setProperty("maxThreads", "600");
		connector.setEncodedSolidusHandling("passthrough");
		connector.setProperty("maxKeepAliveRequests", "-1");
		if (streams != HTTP_1_1) {
			Http2Protocol http2 = new Http2Protocol();
			http2.setMaxConcurrentStreams(streams);
			connector.addUpgradeProtocol(http2);
		}
		return connector;
	}

	private void secure() {
		this.secure.setSecure(true);
		this.secure.setScheme("https");
		this.secure.setProperty("SSLEnabled", "true");
		SSLHostConfig host = new SSLHostConfig();
		SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host,
				SSLHostConfigCertificate.Type.UNDEFINED);
		certificate.setCertificateKeystoreFile(this.keyStore.file().toString());
		certificate.setCertificateKeystorePassword(TestKeyStore.PASSWORD);
		host.addCertificate(certificate);
		this.secure.addSslHostConfig(host);
	}

	/** Return the store of the server's key, which clients can trust. */
	public TestKeyStore keyStore() {
		return this.keyStore;
	}

	public URI clearUri() {
		return URI.create("http://127.0.0.1:" + this.clear.getLocalPort());
	}

	public URI secureUri() {
		return URI.create("https://127.0.0.1:" + this.secure.getLocalPort());
	}

	/** Return how many connections there are. */
	public long connections() {
		return connections(this.clear) + connections(this.secure);
	}

	/** The one that is about to be accepted is counted by the server, too. */
	private static long connections(Connector connector) {
		return ((AbstractProtocol<?>) connector.getProtocolHandler()).getConnectionCount() - 1;
	}

	/** Return how many requests have come. */
	public int requests() {
		return this.requests.get();
	}

	/** Return how long the bodies of all requests were together. */
	public long bytes() {
		return this.bytes.get();
	}

	@Override
	public void close() throws LifecycleException {
		this.tomcat.stop();
		this.tomcat.destroy();
	}

	/** Take some milliseconds, as real work does. */
	private static void record(long millis) throws IOException {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("interrupted");
		}
	}

	private final class ProtocolServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			Http2Server.this.requests.incrementAndGet();
			Http2Server.this.bytes.addAndGet(request.getInputStream().readAllBytes().length);
			if (request.getParameter("hold") != null) {
				record(Long.parseLong(request.getParameter("hold")));
			}
			Object tls = request.getAttribute("jakarta.servlet.request.secure_protocol");
			response.getWriter().print(request.getProtocol() + ((tls != null) ? " " + tls : ""));
		}

	}

}
