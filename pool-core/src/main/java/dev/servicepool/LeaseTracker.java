package dev.servicepool;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The leases of one service that are held at present, the oldest first. Any thread.
 */
final class LeaseTracker {

	/** Guarded by this. */
	private @Nullable LeaseRecord oldest;

	/** Guarded by this. */
	private @Nullable LeaseRecord newest;

	synchronized void add(LeaseRecord record) {
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
	 * A lease has ended, which it does once.
	 * @return whether it was told that it may never do
	 */
	synchronized boolean remove(LeaseRecord record) {
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
		// A lease that somebody keeps must not keep all that were taken after it.
		record.older = null;
		record.newer = null;
		return record.told;
	}

	synchronized @Nullable LeaseRecord oldest() {
		return this.oldest;
	}

	/** Return those that are held for so long and have not been told of. They are now. */
	synchronized List<LeaseRecord> tell(long activeNanos, long now) {
		List<LeaseRecord> old = new ArrayList<>();
		for (LeaseRecord record = this.oldest; record != null
				&& now - record.since >= activeNanos; record = record.newer) {
			if (!record.told) {
				record.told = true;
				old.add(record);
			}
		}
		return old;
	}

}
