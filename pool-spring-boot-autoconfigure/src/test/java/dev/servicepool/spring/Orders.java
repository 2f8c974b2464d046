package dev.servicepool.spring;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.servicepool.fixtures.Handler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Accepts orders ({@code POST /ID}) and records their IDs. The body of each tenth order
 * must be its ID. The parameter {@code size} sets the padding of the response, in bytes.
 */
public final class Orders implements Handler {

	private final Set<Integer> seen = ConcurrentHashMap.newKeySet();

	private final Set<Integer> twice = ConcurrentHashMap.newKeySet();

	private volatile CountDownLatch released = new CountDownLatch(0);

	/** Return the IDs of the orders received. */
	public Set<Integer> seen() {
		return this.seen;
	}

	/** Return the IDs of the orders that were received more than once. */
	public Set<Integer> twice() {
		return this.twice;
	}

	/** Forget all orders. */
	public void forget() {
		this.seen.clear();
		this.twice.clear();
	}

	/** Delay the responses to all orders until the orders are released. */
	public void record() {
		this.released = new CountDownLatch(1);
	}

	public void release() {
		this.released.countDown();
	}

	/** Return whether a response confirms an order. */
	public static boolean isPlaced(int id, String response) {
		return response.strip().equals("placed " + id);
	}

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
		Integer id = Integer.valueOf(request.getRequestURI().substring(1));
		if (!this.seen.add(id)) {
			this.twice.add(id);
		}
		String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		awaitRelease();
		boolean complete = body.equals((id % 10 == 0) ? id.toString() : "");
		String size = request.getParameter("size");
		response.getWriter().print((complete ? "placed " : "incomplete ") + id);
		response.getWriter().print(" ".repeat((size != null) ? Integer.parseInt(size) : 0));
	}

	private void awaitRelease() throws IOException {
		try {
			this.released.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("interrupted");
		}
	}

}
