package dev.servicepool.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.servicepool.Target;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * A real HTTP server on a free port of this machine, which answers each request a fixed
 * time after it came in. No thread waits meanwhile, so many requests at once are no
 * slower than one.
 * <p>
 * It runs from its construction until it is closed: like all that a pool's services need,
 * it is there before the pool starts and goes after it.
 */
final class Upstream implements AutoCloseable {

	private static final String PATH = "/quotes/";

	private static final int THREADS = 4;

	private static final int BACKLOG = 1024;

	private static final Log logger = LogFactory.getLog(Upstream.class);

	static {
		// Before JDK 21 this server sends head and body as two packets, and without this
		// the second one waits 40 ms for the receipt of the first. It can be said only
		// so.
		System.setProperty("sun.net.httpserver.nodelay", "true");
	}

	private final JsonMapper json;

	private final ScheduledExecutorService executor;

	private final long serviceMillis;

	private final HttpServer server;

	Upstream(JsonMapper json, Duration serviceTime) throws IOException {
		this(json, serviceTime, Executors.newScheduledThreadPool(THREADS, new CustomizableThreadFactory("upstream-")));
	}

	/**
	 * Start the server.
	 * @param json writes the answers
	 * @param serviceTime how long after a request the answer is sent
	 * @param executor runs all that the server does; shut down when it is closed
	 * @throws IOException if no port can be had
	 */
	Upstream(JsonMapper json, Duration serviceTime, ScheduledExecutorService executor) throws IOException {
		this.json = json;
		this.executor = executor;
		this.serviceMillis = serviceTime.toMillis();
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
		this.server.setExecutor(executor);
		this.server.createContext(PATH, this::receive);
		this.server.start();
		logger.info("Upstream serves quotes at " + uri());
	}

	/**
	 * Return the server as what a service is made for.
	 * @return the target
	 */
	Target target() {
		return Target.of(uri());
	}

	private URI uri() {
		InetSocketAddress address = this.server.getAddress();
		return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
	}

	private void receive(HttpExchange exchange) {
		this.executor.schedule(() -> answer(exchange), this.serviceMillis, TimeUnit.MILLISECONDS);
	}

	private void answer(HttpExchange exchange) {
		try (exchange) {
			String symbol = exchange.getRequestURI().getPath().substring(PATH.length());
			byte[] body = this.json.writeValueAsBytes(Quote.of(symbol));
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
		}
		catch (IOException ex) {
			logger.debug("The caller has gone", ex);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.executor.shutdownNow();
	}

}
