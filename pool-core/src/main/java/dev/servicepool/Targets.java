package dev.servicepool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * The targets of a pool, and which of them the next service is made for. Guarded by the
 * pool's lock.
 */
final class Targets {

	private final PoolSettings settings;

	private final RandomGenerator random;

	private final List<Entry> entries = new ArrayList<>();

	private long attempts;

	/** For how many of them no service is made for a while. */
	private int backingOff;

	private static final class Entry {

		private final Target target;

		private final Backoff backoff;

		/** Whether the last attempt to make a service for it has failed. */
		private boolean failed;

		/** The number of that attempt, 0 if there was none. */
		private long lastAttempt;

		Entry(Target target, Backoff backoff) {
			this.target = target;
			this.backoff = backoff;
		}

	}

	Targets(List<Target> targets, PoolSettings settings, RandomGenerator random) {
		this.settings = settings;
		this.random = random;
		replace(targets);
	}

	/**
	 * Check that targets can be told apart.
	 * @throws InvalidSettingException if not, or if there is none
	 */
	static void check(List<Target> targets) {
		if (targets.isEmpty()) {
			throw new InvalidSettingException("targets", "empty", "must contain at least one target");
		}
		Set<String> names = new HashSet<>();
		for (Target target : targets) {
			if (!names.add(target.name())) {
				throw new InvalidSettingException("targets", targets, "must contain each target only once");
			}
		}
	}

	/** Have other targets from now on. What is known of those that stay is kept. */
	void replace(List<Target> targets) {
		this.entries.removeIf((entry) -> !targets.contains(entry.target));
		targets.stream()
			.filter((target) -> !contains(target))
			.map((target) -> new Entry(target, new Backoff(this.settings, this.random)))
			.forEach(this.entries::add);
		countBackoffs();
	}

	private void countBackoffs() {
		this.backingOff = (int) this.entries.stream().filter((entry) -> entry.backoff.backingOff()).count();
	}

	boolean contains(Target target) {
		return this.entries.stream().anyMatch((entry) -> entry.target.equals(target));
	}

	int size() {
		return this.entries.size();
	}

	/**
	 * Return a target that has no service and can get one now, if there is one; of
	 * several, one that did not fail, and that was not tried for the longest time.
	 * @param services how many services a target has
	 */
	@Nullable Target unserved(ToIntFunction<Target> services) {
		return this.entries.stream()
			.filter((entry) -> !entry.backoff.backingOff() && services.applyAsInt(entry.target) == 0)
			.min(Comparator.<Entry, Boolean>comparing((entry) -> entry.failed)
				.thenComparingLong((entry) -> entry.lastAttempt))
			.map((entry) -> entry.target)
			.orElse(null);
	}

	/**
	 * Return the target with the fewest services for which one can be made now; of
	 * several, the one that was not tried for the longest time. One for which the last
	 * attempt has failed counts as if it had a service more, so that it does not keep the
	 * others from getting theirs.
	 * @param services how many services a target has
	 * @param wanted which targets may get a service
	 */
	@Nullable Target next(ToIntFunction<Target> services, Predicate<Target> wanted) {
		return this.entries.stream()
			.filter((entry) -> !entry.backoff.backingOff() && wanted.test(entry.target))
			.min(Comparator.<Entry>comparingInt((entry) -> services.applyAsInt(entry.target) + (entry.failed ? 1 : 0))
				.thenComparingLong((entry) -> entry.lastAttempt))
			.map((entry) -> entry.target)
			.orElse(null);
	}

	/** An attempt to make a service for a target has ended. */
	void attempted(Target target, boolean created, long now) {
		this.attempts++;
		Entry entry = find(target);
		if (entry == null) {
			return;
		}
		entry.failed = !created;
		entry.lastAttempt = this.attempts;
		if (created) {
			entry.backoff.succeeded();
		}
		else {
			entry.backoff.failed(now);
		}
		countBackoffs();
	}

	/** A service has failed before it served anybody. */
	void wasted(Target target, long now) {
		Entry entry = find(target);
		if (entry != null) {
			entry.backoff.wasted(now);
			countBackoffs();
		}
	}

	private @Nullable Entry find(Target target) {
		return this.entries.stream().filter((entry) -> entry.target.equals(target)).findFirst().orElse(null);
	}

	/** Whether no service is made for a target, since the last attempts have failed. */
	boolean isBackingOff(Target target) {
		Entry entry = (this.backingOff > 0) ? find(target) : null;
		return entry != null && entry.backoff.backingOff();
	}

	boolean isBackingOffForAll() {
		return this.backingOff == this.entries.size();
	}

	/**
	 * End the pauses whose time has come.
	 * @return whether there were any
	 */
	boolean endBackoffs(long now) {
		boolean ended = false;
		if (this.backingOff > 0) {
			for (Entry entry : this.entries) {
				ended |= entry.backoff.endBackoff(now);
			}
			countBackoffs();
		}
		return ended;
	}

	/**
	 * Return how long until a pause ends.
	 * @return nanoseconds, or {@link Long#MAX_VALUE} if there is none
	 */
	long nanosToBackoffEnd(long now) {
		long left = Long.MAX_VALUE;
		if (this.backingOff > 0) {
			for (Entry entry : this.entries) {
				left = entry.backoff.backingOff() ? Math.min(left, entry.backoff.remaining(now)) : left;
			}
		}
		return left;
	}

}
