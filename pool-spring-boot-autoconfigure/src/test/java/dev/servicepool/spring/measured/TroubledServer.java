package dev.servicepool.spring.measured;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Server whose behavior a test can change.
 */
final class TroubledServer implements AutoCloseable {

	/** Behavior of a server. */
	enum Behavior {

		NORMAL, FAIL, TRUNCATE

	}

	private final Server server;

	private volatile Behavior behavior = Behavior.NORMAL;

	private volatile Duration delay;

	/**
	 * Start a server.
	 * @param delay the duration of a request during normal behavior
	 */
	TroubledServer(Duration delay) {
		this.delay = delay;
		this.server = Server.http1().start(this::respond);
	}

	private void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
		switch (this.behavior) {
			case NORMAL -> {
				ClosedLoop.pause(this.delay);
				Handler.respond(request, response, 200, "ok");
			}
			case FAIL -> Handler.respond(request, response, 500, "");
			case TRUNCATE -> {
				response.setContentLength(100);
				response.getOutputStream().write(new byte[10]);
				Handler.abort(response);
			}
		}
	}

	URI uri() {
		return this.server.uri();
	}

	/** Return the number of requests received. */
	long requests() {
		return this.server.count();
	}

	void delay(Duration delay) {
		this.delay = delay;
	}

	void behavior(Behavior behavior) {
		this.behavior = behavior;
	}

	/** Refuse connections. */
	void stop() {
		this.server.stop();
	}

	/** Accept connections again. */
	void restart() {
		this.server.start();
	}

	@Override
	public void close() {
		this.server.close();
	}

}
