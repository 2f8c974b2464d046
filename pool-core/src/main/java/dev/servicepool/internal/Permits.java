package dev.servicepool.internal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Permits of one service. They consist of the number of requests in flight, the total
 * number of requests, and whether the service is open or closed.
 * <p>
 * While the service is <em>open</em>, any thread acquires and releases permits in one
 * atomic step. While the service is <em>closed</em>, only the thread that owns the pool's
 * lock acquires and releases permits. A released permit of a closed service can therefore
 * be granted to a waiting caller, and no other thread can acquire it first. The whole
 * state is one {@code long}, so that no thread can acquire a permit while the service is
 * being closed. This class extends {@link AtomicLong} to save an indirection.
 * <p>
 * Bits 0 to 22 contain the requests in flight. Bit 23 is set while the service is closed,
 * so that a closed service seems to have more requests than any limit. The bits above
 * contain the total number of requests. Written by any thread while open, under the lock
 * while closed; read by any thread.
 */
@SuppressWarnings("unused")
final class Permits extends AtomicLong {

	private static final long serialVersionUID = 1L;

	private static final long IN_FLIGHT = 1;

	private static final long CLOSED = IN_FLIGHT << 23;

	private static final int CALL_SHIFT = 24;

	private static final long CALL = 1L << CALL_SHIFT;

	/** The maximum number of requests in flight. */
	static final int MOST = (int) CLOSED - 1;

	/** Written under the lock, read by any thread. */
	private transient volatile int limit;

	/** The ready samples among the calls that were admitted without the lock. */
	final transient SampleCursor samples = new SampleCursor();

	/**
	 * Padding that fills two cache lines, because the hardware fetches two together. It
	 * separates the number from other fields that are written frequently.
	 */
	private transient long fill1, fill2, fill3, fill4, fill5, fill6, fill7, fill8, fill9, fill10, fill11, fill12,
			fill13, fill14, fill15;

	Permits(int limit) {
		super(CLOSED);
		this.limit = Math.min(limit, MOST);
	}

	/**
	 * Acquire a permit. Any thread.
	 * @return whether a permit was acquired; {@code false} if none is free or the service
	 * is closed
	 */
	boolean tryAcquire() {
		long word = get();
		while (isAvailable(word)) {
			if (compareAndSet(word, word + CALL + IN_FLIGHT)) {
				return true;
			}
			word = get();
		}
		return false;
	}

	/**
	 * Acquire a permit of an open service for a request that is not a sample. Under the
	 * lock.
	 * @return whether a permit was acquired
	 */
	boolean tryAcquireUnsampled() {
		boolean acquired = tryAcquire();
		if (acquired) {
			this.samples.skipOne();
		}
		return acquired;
	}

	/**
	 * Release a permit. Any thread.
	 * @return whether the permit was released; {@code false} if the service is closed
	 */
	boolean tryRelease() {
		long word = get();
		while (isOpen(word)) {
			if (compareAndSet(word, word - IN_FLIGHT)) {
				return true;
			}
			word = get();
		}
		return false;
	}

	/** Open the service for all threads. Under the lock. */
	void open() {
		if (!isOpen()) {
			this.samples.opens(calls());
			getAndAdd(-CLOSED);
		}
	}

	/**
	 * Close the service for all threads except the one that owns the lock. Under the
	 * lock.
	 */
	void close() {
		if (isOpen()) {
			this.samples.countTo(calls(getAndAdd(CLOSED)));
		}
	}

	/**
	 * Close the service if no permit is free. Under the lock.
	 * @return whether no permit is free
	 */
	boolean closeIfFull() {
		long word = get();
		while (inFlight(word) >= this.limit) {
			if (!isOpen(word)) {
				return true;
			}
			if (compareAndSet(word, word + CLOSED)) {
				this.samples.countTo(calls(word));
				return true;
			}
			word = get();
		}
		return false;
	}

	/** Acquire a free permit of a closed service. Under the lock. */
	void acquire() {
		getAndAdd(CALL + IN_FLIGHT);
	}

	/** Release a permit of a closed service. Under the lock. */
	void release() {
		getAndAdd(-IN_FLIGHT);
	}

	/** Undo {@link #acquire}, so that the request is not counted. Under the lock. */
	void undoAcquire() {
		getAndAdd(-(CALL + IN_FLIGHT));
	}

	/**
	 * Set the limit. If more requests are in flight, no permit is free until enough of
	 * them have ended. Under the lock; a concurrent thread may still acquire a permit
	 * within the old limit.
	 * @param limit the limit, at least 1
	 */
	void limit(int limit) {
		this.limit = Math.min(limit, MOST);
	}

	boolean isOpen() {
		return isOpen(get());
	}

	/** Return whether any thread can acquire a permit. */
	boolean isAvailable() {
		return isAvailable(get());
	}

	boolean isFull() {
		return inFlight(get()) >= this.limit;
	}

	int inFlight() {
		return inFlight(get());
	}

	int limit() {
		return this.limit;
	}

	/**
	 * Return the number of requests that have ended.
	 * @return at least 0
	 */
	long ended() {
		long word = get();
		return calls(word) - inFlight(word);
	}

	long calls() {
		return calls(get());
	}

	/**
	 * Return the number of samples of {@link #tryAcquire} since the last call. Under the
	 * lock.
	 */
	long collectSamples() {
		long word = get();
		if (isOpen(word)) {
			this.samples.countTo(calls(word));
		}
		return this.samples.collect();
	}

	/** Return the number of samples that were not collected. Under the lock. */
	long uncollectedSamples() {
		long word = get();
		return this.samples.uncollected(isOpen(word) ? calls(word) : 0);
	}

	private boolean isAvailable(long word) {
		return (word & (CALL - 1)) < this.limit;
	}

	private static boolean isOpen(long word) {
		return (word & CLOSED) == 0;
	}

	private static long calls(long word) {
		return word >>> CALL_SHIFT;
	}

	private static int inFlight(long word) {
		return (int) word & MOST;
	}

	@Override
	public String toString() {
		return inFlight() + " of " + this.limit + (isOpen() ? "" : ", closed");
	}

}
