package dev.servicepool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The targets of a pool, and which of them the next service is made for. Guarded by the
 * pool's lock.
 */
final class Targets {

	private final List<Entry> entries = new ArrayList<>();

	private long attempts;

	private static final class Entry {

		private final Target target;

		/** Whether the last attempt to make a service for it has failed. */
		private boolean failed;

		/** The number of that attempt, 0 if there was none. */
		private long lastAttempt;

		Entry(Target target) {
			this.target = target;
		}

	}

	Targets(List<Target> targets) {
		targets.forEach((target) -> this.entries.add(new Entry(target)));
	}

	/**
	 * Return the target with the fewest services; of several, the one that was not tried
	 * for the longest time. One for which the last attempt has failed counts as if it had
	 * a service more, so that it does not keep the others from getting theirs.
	 * @param services how many services a target has
	 */
	Target next(ToIntFunction<Target> services) {
		return this.entries.stream()
			.min(Comparator.<Entry>comparingInt((entry) -> services.applyAsInt(entry.target) + (entry.failed ? 1 : 0))
				.thenComparingLong((entry) -> entry.lastAttempt))
			.orElseThrow().target;
	}

	/** An attempt to make a service for a target has ended. */
	void attempted(Target target, boolean made) {
		this.attempts++;
		for (Entry entry : this.entries) {
			if (entry.target.equals(target)) {
				entry.failed = !made;
				entry.lastAttempt = this.attempts;
			}
		}
	}

}
