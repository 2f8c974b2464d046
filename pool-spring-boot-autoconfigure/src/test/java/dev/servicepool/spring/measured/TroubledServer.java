package dev.servicepool.spring.measured;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

import com.sun.net.httpserver.HttpExchange;
import dev.servicepool.spring.TestServer;

/**
 * A server that does well or badly as it is told.
 */
final class TroubledServer implements AutoCloseable {

	/** What it can be told. */
	enum Mood {

		WELL, FAILS, BREAKS_OFF

	}

	private final LongAdder requests = new LongAdder();

	private final URI uri;

	/** Used by the thread of the test. */
	private TestServer server;

	private volatile Mood mood = Mood.WELL;

	private volatile Duration record;

	/**
	 * Start a server.
	 * @param record how long it takes for a request when it is well
	 */
	TroubledServer(Duration record) throws IOException {
		this.record = record;
		this.server = TestServer.forgetful(0, this::answer);
		this.uri = this.server.uri();
	}

	private void answer(HttpExchange exchange) throws IOException {
		this.requests.increment();
		switch (this.mood) {
			case WELL -> {
				ClosedLoop.pause(this.record);
				TestServer.answer(exchange, 200, "ok");
			}
			case FAILS -> TestServer.answer(exchange, 500, "");
			case BREAKS_OFF -> {
				exchange.sendResponseHeaders(200, 100);
				exchange.getResponseBody().write(new byte[10]);
				exchange.getResponseBody().flush();
			}
		}
	}

	URI uri() {
		return this.uri;
	}

	/** Return how many requests have come so far. */
	long requests() {
		return this.requests.sum();
	}

	void record(Duration record) {
		this.record = record;
	}

	void mood(Mood mood) {
		this.mood = mood;
	}

	/** Refuse connections from now on. */
	void stop() {
		this.server.close();
	}

	/** Take connections again. */
	void restart() throws IOException {
		this.server = TestServer.forgetful(this.uri.getPort(), this::answer);
	}

	@Override
	public void close() {
		this.server.close();
	}

}
