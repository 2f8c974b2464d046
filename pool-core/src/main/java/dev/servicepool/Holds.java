package dev.servicepool;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The leases of one service that are held at present, the oldest first. Any thread.
 */
final class Holds {

	/** Guarded by this. */
	private final Set<Hold> held = new LinkedHashSet<>();

	synchronized void add(Hold hold) {
		this.held.add(hold);
	}

	/**
	 * A lease has ended.
	 * @return whether it was told that it may never do
	 */
	synchronized boolean remove(Hold hold) {
		this.held.remove(hold);
		return hold.told;
	}

	synchronized @Nullable Hold oldest() {
		Iterator<Hold> oldestFirst = this.held.iterator();
		return oldestFirst.hasNext() ? oldestFirst.next() : null;
	}

	/** Return those that are held for so long and have not been told of. They are now. */
	synchronized List<Hold> tell(long heldNanos, long now) {
		List<Hold> old = new ArrayList<>();
		for (Hold hold : this.held) {
			if (now - hold.since < heldNanos) {
				break;
			}
			if (!hold.told) {
				hold.told = true;
				old.add(hold);
			}
		}
		return old;
	}

}
