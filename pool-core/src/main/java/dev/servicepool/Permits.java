package dev.servicepool;

import java.util.concurrent.atomic.AtomicLong;

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
	 * Bit 0: open. Bits 1 to 23: requests in flight. Above: requests let in so far.
	 * Written by any thread while open, under the lock while closed; read by any thread.
	 */
	private final AtomicLong word = new AtomicLong();

	/** Written under the lock, read by any thread. */
	private volatile int limit;

	Permits(int limit) {
		this.limit = Math.min(limit, MOST);
	}

	/**
	 * Take a place. Any thread.
	 * @return whether one was taken: false if none is free or the service is closed
	 */
	boolean tryTake() {
		long word = this.word.get();
		while ((word & OPEN) != 0 && inFlight(word) < this.limit) {
			if (this.word.compareAndSet(word, word + CALL + IN_FLIGHT)) {
				return true;
			}
			word = this.word.get();
		}
		return false;
	}

	/**
	 * Give back a place. Any thread.
	 * @return whether it was given back: false if the service is closed
	 */
	boolean tryGiveBack() {
		long word = this.word.get();
		while ((word & OPEN) != 0) {
			if (this.word.compareAndSet(word, word - IN_FLIGHT)) {
				return true;
			}
			word = this.word.get();
		}
		return false;
	}

	/** Let any thread in. Under the lock. */
	void open() {
		this.word.getAndUpdate((word) -> word | OPEN);
	}

	/** Keep all but the holder of the lock out. Under the lock. */
	void close() {
		this.word.getAndUpdate((word) -> word & ~OPEN);
	}

	/**
	 * Close if no place is free. Under the lock.
	 * @return whether no place is free
	 */
	boolean closeIfFull() {
		long word = this.word.get();
		while (inFlight(word) >= this.limit) {
			if (this.word.compareAndSet(word, word & ~OPEN)) {
				return true;
			}
			word = this.word.get();
		}
		return false;
	}

	/** Take a free place of a closed service. Under the lock. */
	void take() {
		this.word.getAndAdd(CALL + IN_FLIGHT);
	}

	/** Give back a place of a closed service. Under the lock. */
	void giveBack() {
		this.word.getAndAdd(-IN_FLIGHT);
	}

	/** Undo {@link #take}: the request was not let in after all. Under the lock. */
	void untake() {
		this.word.getAndAdd(-(CALL + IN_FLIGHT));
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
		return (this.word.get() & OPEN) != 0;
	}

	boolean isFull() {
		return inFlight(this.word.get()) >= this.limit;
	}

	int inFlight() {
		return inFlight(this.word.get());
	}

	int limit() {
		return this.limit;
	}

	/**
	 * Return how many requests were let in so far and have ended.
	 * @return at least 0
	 */
	long ended() {
		long word = this.word.get();
		return (word >>> CALL_SHIFT) - inFlight(word);
	}

	long calls() {
		return this.word.get() >>> CALL_SHIFT;
	}

	private static int inFlight(long word) {
		return (int) (word & (CALL - 1)) >> 1;
	}

	@Override
	public String toString() {
		return inFlight() + " of " + this.limit + (isOpen() ? "" : ", closed");
	}

}
