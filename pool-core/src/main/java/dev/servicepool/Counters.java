package dev.servicepool;

import java.util.Collection;

/**
 * The books on services that have gone, and on the calls that they and the others were
 * given. Guarded by the pool's lock.
 */
final class Counters {

	private long drained;

	private long evicted;

	private long succeeded;

	private long failed;

	private long unsent;

	private long unknown;

	/** A service has closed. Requests that were cut end without an outcome. */
	void closed(Member<?, ?> member) {
		if (member.evicted) {
			this.evicted++;
		}
		else {
			this.drained++;
		}
		this.succeeded += member.succeeded();
		this.failed += member.failed.get();
		this.unsent += member.unsent.get();
		this.unknown += member.unknown.get() + member.permits.inFlight();
	}

	long drained() {
		return this.drained;
	}

	long evicted() {
		return this.evicted;
	}

	/**
	 * Return how all calls have ended.
	 * @param present the services that have not gone
	 */
	PoolSnapshot.Calls calls(Collection<? extends Member<?, ?>> present, long rejected, long timedOut) {
		long succeeded = this.succeeded;
		long failed = this.failed;
		long unsent = this.unsent;
		long unknown = this.unknown;
		for (Member<?, ?> member : present) {
			succeeded += member.succeeded();
			failed += member.failed.get();
			unsent += member.unsent.get();
			unknown += member.unknown.get();
		}
		return new PoolSnapshot.Calls(succeeded, failed, unsent, unknown, rejected, timedOut);
	}

}
