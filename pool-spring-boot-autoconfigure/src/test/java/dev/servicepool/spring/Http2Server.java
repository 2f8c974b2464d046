package dev.servicepool.spring;

import dev.servicepool.fixtures.TestKeyStore;
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
import org.apache.catalina.Wrapper;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat server that supports HTTP/2, without TLS and over TLS with its own certificate.
 * The response contains the protocols of the request. The parameter {@code hold} delays
 * the response, in milliseconds.
 */
public final class Http2Server implements AutoCloseable {

	/**
	 * Value for a server that supports only HTTP/1.1, instead of a number of streams.
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
	 * @param folder an empty directory for the files of the server
	 * @param streams the maximum number of concurrent requests on a connection
	 */
	public Http2Server(Path folder, int streams) throws IOException, LifecycleException {
		this(folder, streams, null);
	}

	/**
	 * Start a server that responds with a servlet.
	 * @param folder an empty directory for the files of the server
	 * @param streams the maximum number of concurrent requests on a connection
	 * @param servlet the servlet that processes all requests
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
		Wrapper wrapper = Tomcat.addServlet(context, "all", (servlet != null) ? servlet : new ProtocolServlet());
		wrapper.addMapping("/");
		wrapper.setAsyncSupported(true);
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

	/** Return the key store of the server, which clients can use as a trust store. */
	public TestKeyStore keyStore() {
		return this.keyStore;
	}

	public URI clearUri() {
		return URI.create("http://127.0.0.1:" + this.clear.getLocalPort());
	}

	public URI secureUri() {
		return URI.create("https://127.0.0.1:" + this.secure.getLocalPort());
	}

	/** Return the number of open connections. */
	public long connections() {
		return connections(this.clear) + connections(this.secure);
	}

	/** Tomcat also counts the connection that it is about to accept. */
	private static long connections(Connector connector) {
		return ((AbstractProtocol<?>) connector.getProtocolHandler()).getConnectionCount() - 1;
	}

	/** Return the number of requests received. */
	public int requests() {
		return this.requests.get();
	}

	/** Return the total length of the bodies of all requests, in bytes. */
	public long bytes() {
		return this.bytes.get();
	}

	@Override
	public void close() throws LifecycleException {
		this.tomcat.stop();
		this.tomcat.destroy();
	}

	/** Sleep to simulate work. */
	private static void work(long millis) throws IOException {
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
				work(Long.parseLong(request.getParameter("hold")));
			}
			Object tls = request.getAttribute("jakarta.servlet.request.secure_protocol");
			response.getWriter().print(request.getProtocol() + ((tls != null) ? " " + tls : ""));
		}

	}

}
