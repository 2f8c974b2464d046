package dev.servicepool.spring.measured;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

import com.sun.net.httpserver.HttpExchange;
import dev.servicepool.spring.TestServer;

/**
 * Server whose behavior a test can change.
 */
final class TroubledServer implements AutoCloseable {

	/** Behavior of a server. */
	enum Behavior {

		NORMAL, FAIL, TRUNCATE

	}

	private final LongAdder requests = new LongAdder();

	private final URI uri;

	/** Used only by the thread of the test. */
	private TestServer server;

	private volatile Behavior behavior = Behavior.NORMAL;

	private volatile Duration delay;

	/**
	 * Start a server.
	 * @param delay the duration of a request during normal behavior
	 * @throws IOException if the server cannot listen
	 */
	TroubledServer(Duration delay) throws IOException {
		this.delay = delay;
		this.server = TestServer.forgetful(0, this::respond);
		this.uri = this.server.uri();
	}

	private void respond(HttpExchange exchange) throws IOException {
		this.requests.increment();
		switch (this.behavior) {
			case NORMAL -> {
				ClosedLoop.pause(this.delay);
				TestServer.respond(exchange, 200, "ok");
			}
			case FAIL -> TestServer.respond(exchange, 500, "");
			case TRUNCATE -> {
				exchange.sendResponseHeaders(200, 100);
				exchange.getResponseBody().write(new byte[10]);
				exchange.getResponseBody().flush();
			}
		}
	}

	URI uri() {
		return this.uri;
	}

	/** Return the number of requests received. */
	long requests() {
		return this.requests.sum();
	}

	void delay(Duration delay) {
		this.delay = delay;
	}

	void behavior(Behavior behavior) {
		this.behavior = behavior;
	}

	/** Refuse connections. */
	void stop() {
		this.server.close();
	}

	/** Accept connections again. */
	void restart() throws IOException {
		this.server = TestServer.forgetful(this.uri.getPort(), this::respond);
	}

	@Override
	public void close() {
		this.server.close();
	}

}
