package dev.servicepool;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The places of one service: how many requests are in flight, how many were let in so
 * far, and who may let in more.
 * <p>
 * While it is <em>open</em>, any thread takes and gives back places by a single atomic
 * step. While it is <em>closed</em>, only the holder of the pool's lock does, so a place
 * that is given back can be handed to a waiting caller without ever being seen as free.
 * Everything is one {@code long}, so nobody takes a place in the moment of closing; it is
 * this object itself, to be found without a detour.
 * <p>
 * Bits 0 to 22: requests in flight. Bit 23: closed, which thus looks like more requests
 * than any limit. Above: requests let in so far. Written by any thread while open, under
 * the lock while closed; read by any thread.
 */
@SuppressWarnings("unused")
final class Permits extends AtomicLong {

	private static final long serialVersionUID = 1L;

	private static final long IN_FLIGHT = 1;

	private static final long CLOSED = IN_FLIGHT << 23;

	private static final int CALL_SHIFT = 24;

	private static final long CALL = 1L << CALL_SHIFT;

	/** The greatest number of requests in flight that can be counted. */
	static final int MOST = (int) CLOSED - 1;

	/** Written under the lock, read by any thread. */
	private transient volatile int limit;

	/** The samples that the calls let in by any thread are. */
	final transient SampleCursor samples = new SampleCursor();

	/**
	 * Fill two cache lines, which are fetched at a time, so that nothing that is written
	 * often comes after the number.
	 */
	private transient long fill1, fill2, fill3, fill4, fill5, fill6, fill7, fill8, fill9, fill10, fill11, fill12,
			fill13, fill14, fill15;

	Permits(int limit) {
		super(CLOSED);
		this.limit = Math.min(limit, MOST);
	}

	/**
	 * Take a place. Any thread.
	 * @return whether one was taken: false if none is free or the service is closed
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
	 * Take a place for a request that is no sample, if the service is open. Under the
	 * lock.
	 * @return whether one was taken
	 */
	boolean tryAcquireUnsampled() {
		boolean acquired = tryAcquire();
		if (acquired) {
			this.samples.skipOne();
		}
		return acquired;
	}

	/**
	 * Give back a place. Any thread.
	 * @return whether it was given back: false if the service is closed
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

	/** Let any thread in. Under the lock. */
	void open() {
		if (!isOpen()) {
			this.samples.opens(calls());
			getAndAdd(-CLOSED);
		}
	}

	/** Keep all but the holder of the lock out. Under the lock. */
	void close() {
		if (isOpen()) {
			this.samples.countTo(calls(getAndAdd(CLOSED)));
		}
	}

	/**
	 * Close if no place is free. Under the lock.
	 * @return whether no place is free
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

	/** Take a free place of a closed service. Under the lock. */
	void acquire() {
		getAndAdd(CALL + IN_FLIGHT);
	}

	/** Give back a place of a closed service. Under the lock. */
	void release() {
		getAndAdd(-IN_FLIGHT);
	}

	/** Undo {@link #acquire}: the request was not let in after all. Under the lock. */
	void undoAcquire() {
		getAndAdd(-(CALL + IN_FLIGHT));
	}

	/**
	 * Change the limit. Requests beyond a lower one end as usual; until then no place is
	 * free. Under the lock; a place taken at the same moment may still be within the old
	 * limit.
	 * @param limit at least 1
	 */
	void limit(int limit) {
		this.limit = Math.min(limit, MOST);
	}

	boolean isOpen() {
		return isOpen(get());
	}

	/** Whether any thread can take a place. */
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
	 * Return how many requests were let in so far and have ended.
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
	 * Return how many were let in by {@link #tryAcquire} since this was asked last. Under
	 * the lock.
	 */
	long collectSamples() {
		long word = get();
		if (isOpen(word)) {
			this.samples.countTo(calls(word));
		}
		return this.samples.collect();
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
