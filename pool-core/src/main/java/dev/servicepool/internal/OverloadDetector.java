package dev.servicepool.internal;

import java.time.Duration;

/**
 * Detector of an overload that lasts: the wait queue is still full after the pool has
 * served as many callers as fit into it. A burst, or a server that does not respond for a
 * moment, fills the wait queue too, but does not keep it full. Guarded by the lock.
 */
final class OverloadDetector {

	/** The time without a rejection after which an overload has ended. */
	private static final long QUIET = Duration.ofSeconds(10).toNanos();

	private final int maxWaiting;

	/** Whether a caller was rejected, so that {@link #rejectedAt} has a value. */
	private boolean rejected;

	/** The time of the last rejection. */
	private long rejectedAt;

	/**
	 * The number of callers that were served since the first rejection of this overload,
	 * at most {@link #maxWaiting}.
	 */
	private int served;

	/**
	 * Create a detector.
	 * @param maxWaiting the number of callers in a full wait queue
	 */
	OverloadDetector(int maxWaiting) {
		this.maxWaiting = maxWaiting;
	}

	/** Record that a caller was rejected because of the load. */
	void rejected(long now) {
		if (!isRecent(now)) {
			this.served = 0;
		}
		this.rejected = true;
		this.rejectedAt = now;
	}

	/** Record that a waiting caller was served. */
	void served() {
		if (this.served < this.maxWaiting) {
			this.served++;
		}
	}

	/** Return whether the pool has been overloaded for some time. */
	boolean isLasting(long now) {
		return this.served >= this.maxWaiting && isRecent(now);
	}

	private boolean isRecent(long now) {
		return this.rejected && now - this.rejectedAt <= QUIET;
	}

}
