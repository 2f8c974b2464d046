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

	synchronized void add(LeaseRecord hold) {
		hold.older = this.newest;
		if (this.newest != null) {
			this.newest.newer = hold;
		}
		else {
			this.oldest = hold;
		}
		this.newest = hold;
	}

	/**
	 * A lease has ended, which it does once.
	 * @return whether it was told that it may never do
	 */
	synchronized boolean remove(LeaseRecord hold) {
		LeaseRecord older = hold.older;
		LeaseRecord newer = hold.newer;
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
		hold.older = null;
		hold.newer = null;
		return hold.told;
	}

	synchronized @Nullable LeaseRecord oldest() {
		return this.oldest;
	}

	/** Return those that are held for so long and have not been told of. They are now. */
	synchronized List<LeaseRecord> tell(long heldNanos, long now) {
		List<LeaseRecord> old = new ArrayList<>();
		for (LeaseRecord hold = this.oldest; hold != null && now - hold.since >= heldNanos; hold = hold.newer) {
			if (!hold.told) {
				hold.told = true;
				old.add(hold);
			}
		}
		return old;
	}

}
