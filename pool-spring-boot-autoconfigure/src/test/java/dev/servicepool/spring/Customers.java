package dev.servicepool.spring;

import java.util.Collections;
import java.util.Map;
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
 * Those who place {@link Orders}, each once, and know what has become of each.
 */
public final class Customers {

	private final Orders orders;

	/** The length that answers are shorter than. */
	private final int maxSize;

	private final Set<Integer> placed = ConcurrentHashMap.newKeySet();

	private final Map<Integer, String> otherAnswers = new ConcurrentHashMap<>();

	private final Map<Integer, Exception> failed = new ConcurrentHashMap<>();

	private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);

	/**
	 * Create customers.
	 * @param orders where they place orders, which are released when one has failed
	 * @param maxSize the length that answers are shorter than, 0 for short ones
	 */
	public Customers(Orders orders, int maxSize) {
		this.orders = orders;
		this.maxSize = maxSize;
	}

	/** Return the orders whose answer was that they are placed. */
	public Set<Integer> placed() {
		return this.placed;
	}

	/** Return the orders that were answered in some other way, and how. */
	public Map<Integer, String> otherAnswers() {
		return this.otherAnswers;
	}

	/** Return the orders that have failed, and why. */
	public Map<Integer, Exception> failed() {
		return this.failed;
	}

	/** Return how many orders have failed for a reason. */
	public long failed(Class<? extends Exception> reason) {
		return this.failed.values().stream().filter(reason::isInstance).count();
	}

	/** Return how many orders have failed since the client itself did. */
	public long failedByClient() {
		return this.failed.values().stream().filter(JdkClients::haveTripped).count();
	}

	/** Return how many orders there were. */
	public int total() {
		return this.placed.size() + this.otherAnswers.size() + this.failed.size();
	}

	/** Return how long an order has taken at most, in nanoseconds. */
	public long longestNanos() {
		return this.longestNanos.get();
	}

	/**
	 * Place orders.
	 * @param client sends them
	 * @param callers how many are placed at a time
	 * @param ids their numbers
	 * @param more whether the order of a number is to be placed
	 */
	public void place(RestClient client, int callers, AtomicInteger ids, IntPredicate more) throws Exception {
		Callable<Void> caller = () -> {
			for (int id = ids.getAndIncrement(); more.test(id); id = ids.getAndIncrement()) {
				place(client, id);
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

	private void place(RestClient client, int id) {
		long start = System.nanoTime();
		try {
			int size = (this.maxSize > 0) ? Math.floorMod(id * 7919, this.maxSize) : 0;
			RestClient.RequestBodySpec request = client.post().uri("/{id}?size={size}", id, size);
			if (id % 10 == 0) {
				request.body(Integer.toString(id));
			}
			answered(id, request.retrieve().body(String.class));
		}
		catch (RuntimeException ex) {
			this.failed.put(id, ex);
			this.orders.release();
		}
		finally {
			this.longestNanos.accumulate(System.nanoTime() - start);
		}
	}

	private void answered(int id, @Nullable String answer) {
		if (answer != null && Orders.isPlaced(id, answer)) {
			this.placed.add(id);
		}
		else {
			this.otherAnswers.put(id, String.valueOf(answer));
		}
	}

}
