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
 * A real server on a free port of this machine that speaks HTTP/2 over TLS. It runs from
 * its construction until it is closed.
 */
final class Upstream implements AutoCloseable {

	/** How many requests it takes at a time on a connection. */
	static final int STREAMS = 10;

	/** How many threads read requests: few, since none waits for an answer. */
	static final int THREADS = 8;

	private static final String BUNDLE = "upstream";

	private final ScheduledExecutorService executor;

	private final WebServer server;

	/**
	 * Start a server.
	 * @param identity the server's certificate and private key
	 * @param serviceTime how long after a request the answer is sent, asked for at each
	 */
	Upstream(SslBundle identity, Supplier<Duration> serviceTime) {
		this(identity, serviceTime, answerer());
	}

	/**
	 * Start a server.
	 * @param identity the server's certificate and private key
	 * @param serviceTime how long after a request the answer is sent, asked for at each
	 * @param executor sends the answers; shut down when the server is closed
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

	/** Its threads start here: Tomcat complains of those that a request starts. */
	private static ScheduledExecutorService answerer() {
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(2,
				new CustomizableThreadFactory("upstream-answer-"));
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
	 * Return the address that it listens at.
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
