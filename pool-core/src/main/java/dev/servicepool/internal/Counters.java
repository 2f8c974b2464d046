package dev.servicepool.internal;

import java.util.Collection;

import dev.servicepool.PoolSnapshot;

/**
 * Counters of closed services, and of the calls of these and the live services. Guarded
 * by the lock.
 */
final class Counters {

	private long calls;

	private long drained;

	private long evicted;

	private long succeeded;

	private long failed;

	private long ignored;

	private long unsent;

	private long unknown;

	/** Count a closed service. Requests that are still in flight count as unknown. */
	void closed(Member<?, ?> member) {
		if (member.isEvicted()) {
			this.evicted++;
		}
		else {
			this.drained++;
		}
		this.calls += member.permits.calls();
		this.succeeded += member.outcomes.succeeded();
		this.failed += member.outcomes.serviceFailures();
		this.ignored += member.outcomes.ignored();
		this.unsent += member.outcomes.unsent();
		this.unknown += member.outcomes.unknown() + member.permits.inFlight();
	}

	/** Return the number of calls of closed services. */
	long calls() {
		return this.calls;
	}

	long drained() {
		return this.drained;
	}

	long evicted() {
		return this.evicted;
	}

	/**
	 * Return the number of calls that indicate that a service works, including ignored
	 * failures.
	 * @param live the services that are not retired
	 * @param retired the services that are retired and not closed yet
	 */
	long successes(Collection<? extends Member<?, ?>> live, Collection<? extends Member<?, ?>> retired) {
		long successes = this.succeeded + this.ignored;
		for (Member<?, ?> member : live) {
			successes += member.outcomes.successes();
		}
		for (Member<?, ?> member : retired) {
			successes += member.outcomes.successes();
		}
		return successes;
	}

	/**
	 * Return the number of calls by outcome.
	 * @param present the services that are not closed yet
	 */
	PoolSnapshot.Calls calls(Collection<? extends Member<?, ?>> present, long rejected, long timedOut) {
		long succeeded = this.succeeded;
		long failed = this.failed;
		long ignored = this.ignored;
		long unsent = this.unsent;
		long unknown = this.unknown;
		for (Member<?, ?> member : present) {
			succeeded += member.outcomes.succeeded();
			failed += member.outcomes.serviceFailures();
			ignored += member.outcomes.ignored();
			unsent += member.outcomes.unsent();
			unknown += member.outcomes.unknown();
		}
		return new PoolSnapshot.Calls(succeeded, failed, ignored, unsent, unknown, rejected, timedOut);
	}

}
