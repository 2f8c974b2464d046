package dev.servicepool;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The leases of one service that are held at present, the oldest first. Any thread; each
 * operation takes constant time but for the search for old ones.
 */
final class Holds {

	private @Nullable Hold oldest;

	private @Nullable Hold newest;

	synchronized void add(Hold hold) {
		hold.previous = this.newest;
		if (this.newest != null) {
			this.newest.next = hold;
		}
		else {
			this.oldest = hold;
		}
		this.newest = hold;
	}

	/**
	 * A lease has ended.
	 * @return whether it was told that it may never do
	 */
	synchronized boolean remove(Hold hold) {
		if (hold.previous != null) {
			hold.previous.next = hold.next;
		}
		else {
			this.oldest = hold.next;
		}
		if (hold.next != null) {
			hold.next.previous = hold.previous;
		}
		else {
			this.newest = hold.previous;
		}
		return hold.told;
	}

	synchronized @Nullable Hold oldest() {
		return this.oldest;
	}

	/** Return those that are held for so long and have not been told of. They are now. */
	synchronized List<Hold> tell(long heldNanos, long now) {
		List<Hold> old = new ArrayList<>();
		for (Hold hold = this.oldest; hold != null && now - hold.since >= heldNanos; hold = hold.next) {
			if (!hold.told) {
				hold.told = true;
				old.add(hold);
			}
		}
		return old;
	}

}
