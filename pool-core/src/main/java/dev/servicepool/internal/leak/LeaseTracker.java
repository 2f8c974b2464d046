package dev.servicepool.internal.leak;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Active leases of one service, oldest first. Any thread.
 */
public final class LeaseTracker {

	/** Guarded by this. */
	private @Nullable LeaseRecord oldest;

	/** Guarded by this. */
	private @Nullable LeaseRecord newest;

	public synchronized void add(LeaseRecord record) {
		record.older = this.newest;
		if (this.newest != null) {
			this.newest.newer = record;
		}
		else {
			this.oldest = record;
		}
		this.newest = record;
	}

	/**
	 * Remove a lease that has ended. Called once per lease.
	 * @return whether the lease was reported as a suspected leak
	 */
	public synchronized boolean remove(LeaseRecord record) {
		LeaseRecord older = record.older;
		LeaseRecord newer = record.newer;
		if (older != null) {
			older.newer = newer;
		}
		else {
			this.oldest = newer;
		}
		if (newer != null) {
			newer.older = older;
		}
		else {
			this.newest = older;
		}
		// Unlink the record, so that a caller that keeps an ended lease does not retain
		// all newer ones.
		record.older = null;
		record.newer = null;
		return record.suspected;
	}

	public synchronized @Nullable LeaseRecord oldest() {
		return this.oldest;
	}

	/**
	 * Mark and return the leases that have been active for the given time and are not
	 * marked yet.
	 */
	public synchronized List<LeaseRecord> markSuspected(long activeNanos, long now) {
		List<LeaseRecord> old = new ArrayList<>();
		for (LeaseRecord record = this.oldest; record != null
				&& now - record.since >= activeNanos; record = record.newer) {
			if (!record.suspected) {
				record.suspected = true;
				old.add(record);
			}
		}
		return old;
	}

}
