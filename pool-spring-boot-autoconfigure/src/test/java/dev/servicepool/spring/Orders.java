package dev.servicepool.spring;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Takes orders, {@code POST /ID}, and knows which ones. One in ten has its number as a
 * body as well. An answer is as long as the parameter {@code size} asks for, at least.
 */
public final class Orders extends HttpServlet {

	private static final long serialVersionUID = 1L;

	private final transient Set<Integer> seen = ConcurrentHashMap.newKeySet();

	private final transient Set<Integer> twice = ConcurrentHashMap.newKeySet();

	private transient volatile CountDownLatch released = new CountDownLatch(0);

	/** Return the orders that have come. */
	public Set<Integer> seen() {
		return this.seen;
	}

	/** Return those that have come more than once. */
	public Set<Integer> twice() {
		return this.twice;
	}

	/** Forget which orders have come. */
	public void forget() {
		this.seen.clear();
		this.twice.clear();
	}

	/** Keep all orders waiting until they are released. */
	public void record() {
		this.released = new CountDownLatch(1);
	}

	public void release() {
		this.released.countDown();
	}

	/** Whether the answer to an order says that it was placed. */
	public static boolean isPlaced(int id, String answer) {
		return answer.strip().equals("placed " + id);
	}

	@Override
	protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
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
