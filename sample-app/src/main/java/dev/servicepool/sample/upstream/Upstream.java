package dev.servicepool.sample.upstream;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http2.Http2Protocol;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Server on a free port of this machine that speaks HTTP/2 over TLS. The constructor
 * starts the server, and {@link #close()} stops it.
 */
final class Upstream implements AutoCloseable {

	/** Maximum number of concurrent requests per connection. */
	static final int STREAMS = 10;

	/**
	 * Number of threads that read requests. A few threads are sufficient because none of
	 * them waits for a response.
	 */
	static final int THREADS = 8;

	private static final String BUNDLE = "upstream";

	private final ScheduledExecutorService executor;

	private final WebServer server;

	/**
	 * Start a server.
	 * @param identity the server's certificate and private key
	 * @param serviceTime supplies the time from a request to its response, for each
	 * request
	 */
	Upstream(SslBundle identity, Supplier<Duration> serviceTime) {
		this(identity, serviceTime, responseExecutor());
	}

	/**
	 * Start a server.
	 * @param identity the server's certificate and private key
	 * @param serviceTime supplies the time from a request to its response, for each
	 * request
	 * @param executor the executor that sends the responses; shut down when the server is
	 * closed
	 */
	Upstream(SslBundle identity, Supplier<Duration> serviceTime, ScheduledExecutorService executor) {
		this.executor = executor;
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setAddress(InetAddress.getLoopbackAddress());
		factory.setSsl(Ssl.forBundle(BUNDLE));
		factory.setSslBundles(new DefaultSslBundleRegistry(BUNDLE, identity));
		factory.addConnectorCustomizers(Upstream::customize);
		QuoteServlet servlet = new QuoteServlet(executor, serviceTime);
		this.server = factory.getWebServer((context) -> register(servlet, context));
		this.server.start();
	}

	/**
	 * Start the threads now, because Tomcat warns about threads that a request starts.
	 */
	private static ScheduledExecutorService responseExecutor() {
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(2,
				new CustomizableThreadFactory("upstream-response-"));
		executor.prestartAllCoreThreads();
		return executor;
	}

	private static void customize(Connector connector) {
		Http2Protocol http2 = new Http2Protocol();
		http2.setMaxConcurrentStreams(STREAMS);
		connector.addUpgradeProtocol(http2);
		connector.setProperty("maxThreads", Integer.toString(THREADS));
	}

	private static void register(QuoteServlet servlet, ServletContext context) {
		ServletRegistration.Dynamic registration = context.addServlet("quotes", servlet);
		registration.addMapping("/quotes/*");
		registration.setAsyncSupported(true);
	}

	/**
	 * Return the address of the server.
	 */
	String address() {
		return "https://127.0.0.1:" + this.server.getPort();
	}

	@Override
	public void close() {
		this.server.stop();
		this.server.destroy();
		this.executor.shutdownNow();
	}

}
