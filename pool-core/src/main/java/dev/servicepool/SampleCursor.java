package dev.servicepool;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The ready samples of one service, which are known by its calls: each call that any
 * thread lets in while the service is open is one. Those that the holder of the lock lets
 * in are sampled there and then, and are none of these.
 */
final class SampleCursor {

	/**
	 * Up to which call nobody need ask whether samples are to be taken in. Any thread.
	 */
	private final AtomicLong mark = new AtomicLong();

	/** Up to which call they were counted. Guarded by the lock. */
	private long countedTo;

	/** How many were counted and not taken in yet. Guarded by the lock. */
	private long counted;

	/** The service opens after so many calls. Under the lock. */
	void opens(long calls) {
		this.countedTo = calls;
		this.mark.set(calls);
	}

	/** The service, which is or was open, has had so many calls. Under the lock. */
	void countTo(long calls) {
		this.counted += calls - this.countedTo;
		this.countedTo = calls;
	}

	/** One of the calls since they were last counted is no sample. Under the lock. */
	void skipOne() {
		this.countedTo++;
	}

	/** Return how many were counted since this was asked last. Under the lock. */
	long collect() {
		long collected = this.counted;
		this.counted = 0;
		return collected;
	}

	/**
	 * Whether a call is one after which samples may have to be taken in. Any thread.
	 */
	boolean isPastMark(long calls) {
		return calls > this.mark.get();
	}

	/** Let so many more calls pass. Any thread. */
	void raiseMark(long calls) {
		this.mark.getAndAdd(calls);
	}

	/** Let no more calls pass. Under the lock. */
	void lowerMark() {
		this.mark.set(this.countedTo);
	}

}
