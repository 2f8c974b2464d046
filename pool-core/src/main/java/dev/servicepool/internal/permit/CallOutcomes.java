package dev.servicepool.internal.permit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Outcomes of the calls of one service. To keep successful calls fast, successes are not
 * counted. Their number follows from the calls that have ended. An outcome is counted
 * before its permit is released, so that each ended call has an outcome. Any thread.
 */
public final class CallOutcomes {

	private final Permits permits;

	private final AtomicLong failed = new AtomicLong();

	private final AtomicLong ignored = new AtomicLong();

	private final AtomicLong unsent = new AtomicLong();

	private final AtomicLong unknown = new AtomicLong();

	public CallOutcomes(Permits permits) {
		this.permits = permits;
	}

	/** Count a service failure. */
	public void countFailure() {
		this.failed.getAndIncrement();
	}

	/** Count a failure that does not count against the service. */
	public void countIgnored() {
		this.failed.getAndIncrement();
		this.ignored.getAndIncrement();
	}

	/** Count a request that was never sent. */
	public void countUnsent() {
		this.unsent.getAndIncrement();
	}

	/** Count a request that ended without an outcome. */
	public void countUnknown() {
		this.unknown.getAndIncrement();
	}

	/** Return the number of all failures, including ignored ones. */
	public long failed() {
		return this.failed.get();
	}

	/**
	 * Return the number of service failures. An ignored failure that is just being
	 * counted may be included.
	 * @return at least 0
	 */
	public long serviceFailures() {
		return Math.max(0, this.failed.get() - this.ignored.get());
	}

	/** Return the number of ignored failures. */
	public long ignored() {
		return this.ignored.get();
	}

	/** Return the number of requests that were never sent. */
	public long unsent() {
		return this.unsent.get();
	}

	/** Return the number of requests that ended without an outcome. */
	public long unknown() {
		return this.unknown.get();
	}

	/**
	 * Return the number of requests that succeeded. A request that is just ending may be
	 * counted both as in flight and as failed. It is never counted as succeeded
	 * prematurely.
	 * @return at least 0
	 */
	public long succeeded() {
		return Math.max(0, this.permits.ended() - this.failed.get() - this.unsent.get() - this.unknown.get());
	}

	/**
	 * Return the number of requests that indicate that the service works, including
	 * ignored failures.
	 * @return at least 0
	 */
	public long successes() {
		return succeeded() + this.ignored.get();
	}

}
