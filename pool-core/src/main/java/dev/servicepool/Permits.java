package dev.servicepool;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The places of one service: how many requests are in flight, how many were let in so
 * far, and who may let in more.
 * <p>
 * While it is <em>open</em>, any thread takes and gives back places by a single atomic
 * step. While it is <em>closed</em>, only the holder of the pool's lock does, so a place
 * that is given back can be handed to a waiting caller without ever being seen as free.
 * Everything is one {@code long}, so nobody takes a place in the moment of closing.
 */
final class Permits {

	private static final long OPEN = 1;

	private static final long IN_FLIGHT = OPEN << 1;

	private static final int CALL_SHIFT = 24;

	private static final long CALL = 1L << CALL_SHIFT;

	/** The greatest number of requests in flight that can be counted. */
	static final int MOST = (int) (CALL / IN_FLIGHT) - 1;

	/**
	 * Where the state stands in its array, which is so long that no other object that is
	 * written often shares the cache lines around it, of which two are fetched at a time.
	 */
	private static final int WORD = 16;

	/**
	 * The one number that the callers of a service all write. Bit 0: open. Bits 1 to 23:
	 * requests in flight. Above: requests let in so far. Written by any thread while
	 * open, under the lock while closed; read by any thread.
	 */
	private final AtomicLongArray state = new AtomicLongArray(2 * WORD);

	/** Written under the lock, read by any thread. */
	private volatile int limit;

	/** The samples that the calls let in by any thread are. */
	final ReadySamples samples = new ReadySamples();

	Permits(int limit) {
		this.limit = Math.min(limit, MOST);
	}

	/**
	 * Take a place. Any thread.
	 * @return whether one was taken: false if none is free or the service is closed
	 */
	boolean tryTake() {
		long word = this.state.get(WORD);
		while ((word & OPEN) != 0 && inFlight(word) < this.limit) {
			if (this.state.compareAndSet(WORD, word, word + CALL + IN_FLIGHT)) {
				return true;
			}
			word = this.state.get(WORD);
		}
		return false;
	}

	/**
	 * Take a place for a request that is no sample, if the service is open. Under the
	 * lock.
	 * @return whether one was taken
	 */
	boolean tryTakeUnsampled() {
		boolean taken = tryTake();
		if (taken) {
			this.samples.skipOne();
		}
		return taken;
	}

	/**
	 * Give back a place. Any thread.
	 * @return whether it was given back: false if the service is closed
	 */
	boolean tryGiveBack() {
		long word = this.state.get(WORD);
		while ((word & OPEN) != 0) {
			if (this.state.compareAndSet(WORD, word, word - IN_FLIGHT)) {
				return true;
			}
			word = this.state.get(WORD);
		}
		return false;
	}

	/** Let any thread in. Under the lock. */
	void open() {
		if (!isOpen()) {
			this.samples.opens(calls());
			this.state.getAndAdd(WORD, OPEN);
		}
	}

	/** Keep all but the holder of the lock out. Under the lock. */
	void close() {
		if (isOpen()) {
			this.samples.countTo(calls(this.state.getAndAdd(WORD, -OPEN)));
		}
	}

	/**
	 * Close if no place is free. Under the lock.
	 * @return whether no place is free
	 */
	boolean closeIfFull() {
		long word = this.state.get(WORD);
		while (inFlight(word) >= this.limit) {
			if ((word & OPEN) == 0) {
				return true;
			}
			if (this.state.compareAndSet(WORD, word, word - OPEN)) {
				this.samples.countTo(calls(word));
				return true;
			}
			word = this.state.get(WORD);
		}
		return false;
	}

	/** Take a free place of a closed service. Under the lock. */
	void take() {
		this.state.getAndAdd(WORD, CALL + IN_FLIGHT);
	}

	/** Give back a place of a closed service. Under the lock. */
	void giveBack() {
		this.state.getAndAdd(WORD, -IN_FLIGHT);
	}

	/** Undo {@link #take}: the request was not let in after all. Under the lock. */
	void untake() {
		this.state.getAndAdd(WORD, -(CALL + IN_FLIGHT));
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
		return (this.state.get(WORD) & OPEN) != 0;
	}

	boolean isFull() {
		return inFlight(this.state.get(WORD)) >= this.limit;
	}

	int inFlight() {
		return inFlight(this.state.get(WORD));
	}

	int limit() {
		return this.limit;
	}

	/**
	 * Return how many requests were let in so far and have ended.
	 * @return at least 0
	 */
	long ended() {
		long word = this.state.get(WORD);
		return calls(word) - inFlight(word);
	}

	long calls() {
		return calls(this.state.get(WORD));
	}

	/**
	 * Return how many were let in by {@link #tryTake} since this was asked last. Under
	 * the lock.
	 */
	long takeSamples() {
		long word = this.state.get(WORD);
		if ((word & OPEN) != 0) {
			this.samples.countTo(calls(word));
		}
		return this.samples.take();
	}

	private static long calls(long word) {
		return word >>> CALL_SHIFT;
	}

	private static int inFlight(long word) {
		return (int) (word & (CALL - 1)) >> 1;
	}

	@Override
	public String toString() {
		return inFlight() + " of " + this.limit + (isOpen() ? "" : ", closed");
	}

}
