package dev.servicepool.internal.permit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import dev.servicepool.internal.util.Fields;

/**
 * Permits of one service. They consist of the number of requests in flight, the total
 * number of requests, and whether the service is open or closed.
 * <p>
 * While the service is <em>open</em>, any thread acquires and releases permits in one
 * atomic step. While the service is <em>closed</em>, only the thread that owns the pool's
 * lock acquires and releases permits. A released permit of a closed service can therefore
 * be granted to a waiting caller, and no other thread can acquire it first. The whole
 * state is one {@code long}, so that no thread can acquire a permit while the service is
 * being closed.
 * <p>
 * Bits 0 to 22 contain the requests in flight. Bit 23 is set while the service is closed,
 * so that a closed service seems to have more requests than any limit. The bits above
 * contain the total number of requests. Written by any thread while open, under the lock
 * while closed; read by any thread.
 */
public final class Permits {

	private static final VarHandle WORD = Fields.handle(MethodHandles.lookup(), "word", long.class);

	private static final long IN_FLIGHT = 1;

	private static final long CLOSED = IN_FLIGHT << 23;

	private static final int CALL_SHIFT = 24;

	private static final long CALL = 1L << CALL_SHIFT;

	/** The maximum number of requests in flight. */
	public static final int MOST = (int) CLOSED - 1;

	/** The whole state, see above. */
	private volatile long word = CLOSED;

	/** Written under the lock, read by any thread. */
	private volatile int limit;

	/** The ready samples among the calls that were admitted without the lock. */
	public final SampleCursor samples = new SampleCursor();

	/**
	 * Padding that fills two cache lines, because the hardware fetches two together. It
	 * separates the number from other fields that are written frequently.
	 */
	@SuppressWarnings("unused")
	private long fill1, fill2, fill3, fill4, fill5, fill6, fill7, fill8, fill9, fill10, fill11, fill12, fill13, fill14,
			fill15;

	public Permits(int limit) {
		this.limit = Math.min(limit, MOST);
	}

	/**
	 * Acquire a permit. Any thread.
	 * @return whether a permit was acquired; {@code false} if none is free or the service
	 * is closed
	 */
	public boolean tryAcquire() {
		long word = this.word;
		while (isAvailable(word)) {
			if (WORD.compareAndSet(this, word, word + CALL + IN_FLIGHT)) {
				return true;
			}
			word = this.word;
		}
		return false;
	}

	/**
	 * Acquire a permit of an open service for a request that is not a sample. Under the
	 * lock.
	 * @return whether a permit was acquired
	 */
	public boolean tryAcquireUnsampled() {
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
	public boolean tryRelease() {
		long word = this.word;
		while (isOpen(word)) {
			if (WORD.compareAndSet(this, word, word - IN_FLIGHT)) {
				return true;
			}
			word = this.word;
		}
		return false;
	}

	/** Open the service for all threads. Under the lock. */
	public void open() {
		if (!isOpen()) {
			this.samples.opens(calls());
			WORD.getAndAdd(this, -CLOSED);
		}
	}

	/**
	 * Close the service for all threads except the one that owns the lock. Under the
	 * lock.
	 */
	public void close() {
		if (isOpen()) {
			this.samples.countTo(calls((long) WORD.getAndAdd(this, CLOSED)));
		}
	}

	/**
	 * Close the service if no permit is free. Under the lock.
	 * @return whether no permit is free
	 */
	public boolean closeIfFull() {
		long word = this.word;
		while (inFlight(word) >= this.limit) {
			if (!isOpen(word)) {
				return true;
			}
			if (WORD.compareAndSet(this, word, word + CLOSED)) {
				this.samples.countTo(calls(word));
				return true;
			}
			word = this.word;
		}
		return false;
	}

	/** Acquire a free permit of a closed service. Under the lock. */
	public void acquire() {
		WORD.getAndAdd(this, CALL + IN_FLIGHT);
	}

	/** Release a permit of a closed service. Under the lock. */
	public void release() {
		WORD.getAndAdd(this, -IN_FLIGHT);
	}

	/** Undo {@link #acquire}, so that the request is not counted. Under the lock. */
	public void undoAcquire() {
		WORD.getAndAdd(this, -(CALL + IN_FLIGHT));
	}

	/**
	 * Set the limit. If more requests are in flight, no permit is free until enough of
	 * them have ended. Under the lock; a concurrent thread may still acquire a permit
	 * within the old limit.
	 * @param limit the limit, at least 1
	 */
	public void limit(int limit) {
		this.limit = Math.min(limit, MOST);
	}

	public boolean isOpen() {
		return isOpen(this.word);
	}

	/** Return whether any thread can acquire a permit. */
	public boolean isAvailable() {
		return isAvailable(this.word);
	}

	public boolean isFull() {
		return inFlight(this.word) >= this.limit;
	}

	public int inFlight() {
		return inFlight(this.word);
	}

	public int limit() {
		return this.limit;
	}

	/**
	 * Return the number of requests that have ended.
	 * @return at least 0
	 */
	public long ended() {
		long word = this.word;
		return calls(word) - inFlight(word);
	}

	public long calls() {
		return calls(this.word);
	}

	/**
	 * Return the number of samples of {@link #tryAcquire} since the last call. Under the
	 * lock.
	 */
	public long collectSamples() {
		long word = this.word;
		if (isOpen(word)) {
			this.samples.countTo(calls(word));
		}
		return this.samples.collect();
	}

	/** Return the number of samples that were not collected. Under the lock. */
	public long uncollectedSamples() {
		long word = this.word;
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
