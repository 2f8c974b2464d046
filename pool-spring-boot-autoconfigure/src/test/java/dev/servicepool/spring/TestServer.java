package dev.servicepool.spring;

import dev.servicepool.fixtures.TestKeyStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

/**
 * HTTP server of the JDK on a local port, which records its requests.
 */
public final class TestServer implements AutoCloseable {

	static {
		// Older JDKs otherwise delay the body until the head is acknowledged.
		System.setProperty("sun.net.httpserver.nodelay", "true");
	}

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private TestServer(HttpServer server, HttpHandler handler) {
		this(server, handler, true);
	}

	private TestServer(HttpServer server, HttpHandler handler, boolean remembers) {
		this.server = server;
		this.server.setExecutor(this.threads);
		this.server.createContext("/", (exchange) -> {
			if (remembers) {
				this.requests.add(new Request(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
						exchange.getRequestHeaders()));
			}
			try (exchange) {
				handler.handle(exchange);
			}
		});
		this.server.start();
	}

	/**
	 * Start a server on a free port that responds with a handler.
	 */
	public static TestServer with(HttpHandler handler) throws IOException {
		return at(0, handler);
	}

	/**
	 * Start a server on a port.
	 */
	public static TestServer at(int port, HttpHandler handler) throws IOException {
		return new TestServer(HttpServer.create(address(port), 0), handler);
	}

	/**
	 * Start a server that does not record its requests, for tests with many requests.
	 * @param port the port; 0 for a free port
	 * @param handler the handler that responds
	 * @return the server
	 * @throws IOException if the server cannot listen
	 */
	public static TestServer forgetful(int port, HttpHandler handler) throws IOException {
		return new TestServer(HttpServer.create(address(port), 0), handler, false);
	}

	/**
	 * Start a server with TLS that sends the same response to all requests.
	 */
	public static TestServer secure(TestKeyStore key, int status, String body) throws IOException {
		HttpsServer server = HttpsServer.create(address(0), 0);
		server.setHttpsConfigurator(new HttpsConfigurator(key.serverContext()));
		return new TestServer(server, (exchange) -> respond(exchange, status, body));
	}

	/**
	 * Start a server with TLS that requests a certificate of the client and responds with
	 * its subject.
	 * @param key the key of the server, whose certificate is also the only one that the
	 * server accepts from clients
	 */
	public static TestServer identifying(TestKeyStore key) throws IOException {
		HttpsServer server = HttpsServer.create(address(0), 0);
		server.setHttpsConfigurator(new HttpsConfigurator(key.serverContext()) {

			@Override
			public void configure(HttpsParameters parameters) {
				SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
				ssl.setWantClientAuth(true);
				parameters.setSSLParameters(ssl);
			}

		});
		return new TestServer(server, (exchange) -> respond(exchange, 200, subject((HttpsExchange) exchange)));
	}

	private static String subject(HttpsExchange exchange) {
		try {
			return exchange.getSSLSession().getPeerPrincipal().getName();
		}
		catch (SSLPeerUnverifiedException ex) {
			return "anonymous";
		}
	}

	private static InetSocketAddress address(int port) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

	/**
	 * Start a server that sends the same response to all requests.
	 */
	public static TestServer responding(int status, String body) throws IOException {
		return with((exchange) -> respond(exchange, status, body));
	}

	public static void respond(HttpExchange exchange, int status, String body) throws IOException {
		exchange.getRequestBody().readAllBytes();
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(status, (bytes.length > 0) ? bytes.length : -1);
		exchange.getResponseBody().write(bytes);
	}

	public URI uri() {
		InetSocketAddress address = this.server.getAddress();
		String scheme = (this.server instanceof HttpsServer) ? "https" : "http";
		return URI.create(scheme + "://" + address.getAddress().getHostAddress() + ":" + address.getPort());
	}

	public Target target() {
		return Target.of(uri());
	}

	public List<Request> requests() {
		return this.requests;
	}

	public Request onlyRequest() {
		if (this.requests.size() != 1) {
			throw new AssertionError("Expected one request but got " + this.requests);
		}
		return this.requests.get(0);
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/**
	 * Request as the server received it.
	 *
	 * @param method the HTTP method
	 * @param uri the encoded path and query
	 * @param headers the header fields
	 */
	public record Request(String method, String uri, Headers headers) {

		public @Nullable String header(String name) {
			return this.headers.getFirst(name);
		}

	}

}
