package dev.servicepool.spring;

import java.util.Collections;
import java.util.Map;
import java.util.stream.Stream;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.IntPredicate;

import org.jspecify.annotations.Nullable;

import org.springframework.web.client.RestClient;

/**
 * Callers that send {@link Orders}, each once, and record the outcome of each order.
 */
public final class Customers {

	private final Orders orders;

	/** Exclusive maximum of the padding of a response, in bytes. */
	private final int maxSize;

	private final Set<Integer> placed = ConcurrentHashMap.newKeySet();

	private final Map<Integer, String> otherResponses = new ConcurrentHashMap<>();

	private final Map<Integer, Exception> failed = new ConcurrentHashMap<>();

	private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);

	/**
	 * Create customers.
	 * @param orders the receiver of the orders, which is released when an order fails
	 * @param maxSize the exclusive maximum of the padding of a response, in bytes; zero
	 * disables padding
	 */
	public Customers(Orders orders, int maxSize) {
		this.orders = orders;
		this.maxSize = maxSize;
	}

	/** Return the orders whose response confirmed them. */
	public Set<Integer> placed() {
		return this.placed;
	}

	/** Return the other responses, by the ID of the order. */
	public Map<Integer, String> otherResponses() {
		return this.otherResponses;
	}

	/** Return the failures, by the ID of the order. */
	public Map<Integer, Exception> failed() {
		return this.failed;
	}

	/** Return the number of orders that failed with a type of exception. */
	public long failed(Class<? extends Exception> reason) {
		return this.failed.values().stream().filter((failure) -> isCausedBy(failure, reason)).count();
	}

	private static boolean isCausedBy(Throwable failure, Class<? extends Exception> reason) {
		return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause).anyMatch(reason::isInstance);
	}

	/** Return the number of orders that failed because of a defect of the client. */
	public long failedByClient() {
		return this.failed.values().stream().filter(JdkClients::isClientDefect).count();
	}

	/** Return the number of all orders. */
	public int total() {
		return this.placed.size() + this.otherResponses.size() + this.failed.size();
	}

	/** Return the longest duration of an order, in nanoseconds. */
	public long longestNanos() {
		return this.longestNanos.get();
	}

	/**
	 * Send orders.
	 * @param client the client that sends the orders
	 * @param callers the number of orders to send concurrently
	 * @param ids the source of the order IDs
	 * @param more whether to send the order with a given ID
	 */
	public void place(RestClient client, int callers, AtomicInteger ids, IntPredicate more) throws Exception {
		Callable<Void> caller = () -> {
			for (int id = ids.getAndIncrement(); more.test(id); id = ids.getAndIncrement()) {
				send(client, id);
			}
			return null;
		};
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		try {
			for (Future<Void> done : threads.invokeAll(Collections.nCopies(callers, caller))) {
				done.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private void send(RestClient client, int id) {
		long start = System.nanoTime();
		try {
			int size = (this.maxSize > 0) ? Math.floorMod(id * 7919, this.maxSize) : 0;
			RestClient.RequestBodySpec request = client.post().uri("/{id}?size={size}", id, size);
			if (id % 10 == 0) {
				request.body(Integer.toString(id));
			}
			responded(id, request.retrieve().body(String.class));
		}
		catch (RuntimeException ex) {
			this.failed.put(id, ex);
			this.orders.release();
		}
		finally {
			this.longestNanos.accumulate(System.nanoTime() - start);
		}
	}

	private void responded(int id, @Nullable String response) {
		if (response != null && Orders.isPlaced(id, response)) {
			this.placed.add(id);
		}
		else {
			this.otherResponses.put(id, String.valueOf(response));
		}
	}

}
