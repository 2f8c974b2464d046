package dev.servicepool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;

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
		replace(targets);
	}

	/**
	 * Check that targets can be told apart.
	 * @throws InvalidSettingException if not, or if there is none
	 */
	static void check(List<Target> targets) {
		if (targets.isEmpty()) {
			throw new InvalidSettingException("targets", "empty", "there must be at least one");
		}
		Set<String> names = new HashSet<>();
		for (Target target : targets) {
			if (!names.add(target.name())) {
				throw new InvalidSettingException("targets", target.name(), "each target must be given once");
			}
		}
	}

	/** Have other targets from now on. What is known of those that stay is kept. */
	void replace(List<Target> targets) {
		this.entries.removeIf((entry) -> !targets.contains(entry.target));
		targets.stream().filter((target) -> !contains(target)).map(Entry::new).forEach(this.entries::add);
	}

	boolean contains(Target target) {
		return this.entries.stream().anyMatch((entry) -> entry.target.equals(target));
	}

	int size() {
		return this.entries.size();
	}

	/**
	 * Return a target that has no service, if there is one; of several, one that did not
	 * fail, and that was not tried for the longest time.
	 * @param services how many services a target has
	 */
	@Nullable Target unserved(ToIntFunction<Target> services) {
		return this.entries.stream()
			.filter((entry) -> services.applyAsInt(entry.target) == 0)
			.min(Comparator.<Entry, Boolean>comparing((entry) -> entry.failed)
				.thenComparingLong((entry) -> entry.lastAttempt))
			.map((entry) -> entry.target)
			.orElse(null);
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
