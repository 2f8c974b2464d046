package dev.servicepool.internal.target;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.servicepool.InvalidSettingException;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

/**
 * Targets of a pool, and the selection of the target for the next creation. The targets
 * of the first tier are preferred: each of them has a service. Those of the other tiers
 * have services only while the preferred ones are not enough. A drained target counts
 * like one that was removed. Guarded by the lock.
 */
public final class Targets {

	/**
	 * The longest pause after broken services for which callers wait, in nanoseconds.
	 */
	private static final long SHORT_PAUSE = Duration.ofSeconds(1).toNanos();

	private final PoolSettings settings;

	private final RandomGenerator random;

	private final TargetOrder zones;

	private final TargetOrder subset;

	/** The targets, without those that are drained. */
	private final List<Entry> entries = new ArrayList<>();

	/** All targets, as they were last set. */
	private List<Target> all = List.of();

	/** The names of the drained targets, which may currently not be set. */
	private final Set<String> drained = new LinkedHashSet<>();

	private long attempts;

	/** The number of targets that are backing off. */
	private int backingOff;

	/** The number of tiers, at least 1. */
	private int tiers;

	private static final class Entry {

		/** The target as it was last set, because its zone may change. */
		private Target target;

		private final Backoff backoff;

		/** The number of the tier of the target, from 0. */
		private int tier;

		/** The number of the target in the order of all tiers. */
		private int rank;

		/** Whether the target is in another zone than the preferred ones. */
		private boolean remote;

		/** Whether the last attempt to create a service for the target failed. */
		private boolean failed;

		/** Whether the services since the last pause were broken. */
		private boolean broken;

		/** The number of the last attempt, 0 if there was none. */
		private long lastAttempt;

		Entry(Target target, Backoff backoff) {
			this.target = target;
			this.backoff = backoff;
		}

		private boolean isPreferred() {
			return this.tier == 0;
		}

		private void forgetFailures() {
			this.failed = false;
			this.broken = false;
			this.backoff.forget();
		}

	}

	/**
	 * Create the targets of a pool.
	 * @param targets the targets
	 * @param settings the settings of the pool
	 * @param random the source of random numbers
	 * @param identity the identity of this instance; {@code null} if it is random
	 */
	public Targets(List<Target> targets, PoolSettings settings, RandomGenerator random, @Nullable String identity) {
		this.settings = settings;
		this.random = random;
		String zone = settings.zone();
		boolean ordered = zone != null || settings.subset() > 0;
		RendezvousHash hash = new RendezvousHash(
				(identity != null) ? RendezvousHash.hash(identity) : ordered ? random.nextLong() : 0);
		this.zones = (zone != null) ? new ZoneOrder(zone, hash) : TargetOrder.NONE;
		this.subset = (settings.subset() > 0) ? new SubsetOrder(settings.subset(), hash) : TargetOrder.NONE;
		replace(targets);
	}

	/**
	 * Check that the targets have different names.
	 * @throws InvalidSettingException if two names are equal or there is no target
	 */
	public static void check(List<Target> targets) {
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

	/**
	 * Set the targets. The state of existing targets is kept, and drained targets remain
	 * drained.
	 * @return whether the targets have changed
	 */
	public boolean replace(List<Target> all) {
		boolean changed = !zones(all).equals(zones(this.all));
		this.all = all;
		Map<Target, Entry> entries = new HashMap<>();
		this.entries.forEach((entry) -> entries.put(entry.target, entry));
		Map<Target, Target> targets = new LinkedHashMap<>();
		all.stream()
			.filter((target) -> !this.drained.contains(target.name()))
			.forEach((target) -> targets.put(target, target));
		this.entries.removeIf((entry) -> !targets.containsKey(entry.target));
		for (Target target : targets.keySet()) {
			Entry entry = entries.get(target);
			if (entry == null) {
				this.entries.add(new Entry(target, new Backoff(this.settings, this.random)));
			}
			else {
				entry.target = target;
			}
		}
		countBackoffs();
		order();
		return changed;
	}

	private static Map<Target, @Nullable String> zones(List<Target> targets) {
		Map<Target, @Nullable String> zones = new HashMap<>();
		targets.forEach((target) -> zones.put(target, target.zone()));
		return zones;
	}

	/** Assign each target to a tier. */
	private void order() {
		Map<Target, Entry> entries = new LinkedHashMap<>();
		this.entries.forEach((entry) -> entries.put(entry.target, entry));
		this.tiers = 0;
		int rank = 0;
		boolean remote = false;
		for (List<Target> zone : this.zones.tiers(List.copyOf(entries.keySet()))) {
			for (List<Target> tier : this.subset.tiers(zone)) {
				for (Target target : tier) {
					Entry entry = Objects.requireNonNull(entries.get(target));
					entry.tier = this.tiers;
					entry.remote = remote;
					entry.rank = rank++;
				}
				this.tiers++;
			}
			remote = true;
		}
	}

	/**
	 * Drain a target. Has no effect if the target is drained.
	 * @return whether the target was not drained
	 * @throws InvalidSettingException if there is no such target, or no other one that is
	 * not drained
	 */
	public boolean drain(String target) {
		if (this.drained.contains(target)) {
			return false;
		}
		if (!anyMatch((each) -> each.name().equals(target))) {
			throw unknown(target);
		}
		if (this.entries.size() == 1) {
			throw new InvalidSettingException("target", target, "must not be the only target that is not drained");
		}
		this.drained.add(target);
		replace(this.all);
		return true;
	}

	/**
	 * End the drain of a target. Has no effect if the target is not drained.
	 * @return whether the target was drained
	 * @throws InvalidSettingException if there is no such target
	 */
	public boolean undrain(String target) {
		if (this.drained.remove(target)) {
			replace(this.all);
			return true;
		}
		if (!anyMatch((each) -> each.name().equals(target))) {
			throw unknown(target);
		}
		return false;
	}

	private InvalidSettingException unknown(String target) {
		return new InvalidSettingException("target", target,
				"must be one of " + Stream.concat(this.all.stream().map(Target::name), this.drained.stream())
					.distinct()
					.map((name) -> "'" + name + "'")
					.collect(Collectors.joining(", ")));
	}

	/** Return the names of the drained targets. */
	public List<String> drained() {
		return List.copyOf(this.drained);
	}

	/** Return the number of targets, including those that are drained. */
	public int all() {
		return this.all.size();
	}

	/**
	 * Forget all failed creations.
	 * @return whether any target was backing off
	 */
	public boolean forgetFailures() {
		boolean backingOff = this.backingOff > 0;
		this.entries.forEach(Entry::forgetFailures);
		countBackoffs();
		return backingOff;
	}

	private void countBackoffs() {
		this.backingOff = (int) this.entries.stream().filter((entry) -> entry.backoff.backingOff()).count();
	}

	public boolean contains(Target target) {
		return anyMatch(target::equals);
	}

	/** Return whether any target meets a condition. */
	public boolean anyMatch(Predicate<? super Target> wanted) {
		return this.entries.stream().anyMatch((entry) -> wanted.test(entry.target));
	}

	public int size() {
		return this.entries.size();
	}

	/**
	 * Check that each preferred target can have a service, including those that are
	 * drained.
	 * @throws InvalidSettingException if the maximum number of services is too low
	 */
	public void check(int maxServices) {
		int preferred = this.subset.tiers(this.zones.tiers(this.all).get(0)).get(0).size();
		if (preferred > maxServices) {
			throw new InvalidSettingException("maxServices", maxServices, "must be at least the number of "
					+ ((preferred < this.all.size()) ? "preferred " : "") + "targets (" + preferred + ")");
		}
	}

	/** Return the number of targets that always have a service. */
	public int preferred() {
		return (this.tiers > 1) ? (int) this.entries.stream().filter(Entry::isPreferred).count() : this.entries.size();
	}

	/** Return the number of the tier of a target, from 0. */
	public int tier(Target target) {
		Entry entry = (this.tiers > 1) ? find(target) : null;
		return (entry != null) ? entry.tier : 0;
	}

	/** Return whether a target is in another zone than the preferred ones. */
	public boolean isRemote(Target target) {
		Entry entry = (this.tiers > 1) ? find(target) : null;
		return entry != null && entry.remote;
	}

	/**
	 * Return whether a target that is not preferred meets a condition and is not backing
	 * off.
	 */
	public boolean hasReserve(Predicate<Target> wanted) {
		return this.tiers > 1 && this.entries.stream()
			.anyMatch((entry) -> !entry.isPreferred() && !entry.backoff.backingOff() && wanted.test(entry.target));
	}

	public List<PoolSnapshot.TargetSnapshot> snapshot() {
		return this.entries.stream()
			.map((entry) -> new PoolSnapshot.TargetSnapshot(entry.target.name(), entry.target.zone(),
					entry.isPreferred()))
			.toList();
	}

	/**
	 * Return a preferred target that has no service and is not backing off, if any.
	 * Targets without a failure come first, then those with the oldest attempt.
	 * @param services the number of services of a target
	 */
	public @Nullable Target unserved(ToIntFunction<Target> services) {
		return this.entries.stream()
			.filter((entry) -> entry.isPreferred() && !entry.backoff.backingOff()
					&& services.applyAsInt(entry.target) == 0)
			.min(Comparator.<Entry, Boolean>comparing((entry) -> entry.failed)
				.thenComparingLong((entry) -> entry.lastAttempt))
			.map((entry) -> entry.target)
			.orElse(null);
	}

	/**
	 * Return the target for the next service, which is not backing off. It belongs to the
	 * first tier that has less than its share of the services. Within a tier, it is the
	 * target with the fewest services; among equals, the one with the oldest attempt. If
	 * the last attempt for a target failed, the target counts as if it had one more
	 * service. It therefore does not delay the creations for other targets.
	 * @param services the number of services of a target
	 * @param wanted the condition that the target must meet
	 * @param maxServices the maximum number of services of all targets
	 */
	public @Nullable Target next(ToIntFunction<Target> services, Predicate<Target> wanted, int maxServices) {
		List<Entry> usable = this.entries.stream()
			.filter((entry) -> !entry.backoff.backingOff() && wanted.test(entry.target))
			.toList();
		for (int tier = 0; tier < this.tiers - 1; tier++) {
			List<Entry> candidates = tier(tier, usable);
			int total = candidates.stream().mapToInt((entry) -> services.applyAsInt(entry.target)).sum();
			if (total < share(candidates.size(), maxServices)) {
				return best(candidates, services);
			}
		}
		List<Entry> last = tier(this.tiers - 1, usable);
		return best(last.isEmpty() ? usable : last, services);
	}

	private static List<Entry> tier(int tier, List<Entry> entries) {
		return entries.stream().filter((entry) -> entry.tier == tier).toList();
	}

	/**
	 * Return the share of some targets in the maximum number of services, rounded up. All
	 * targets together then have as many services as without tiers.
	 */
	private long share(int targets, int maxServices) {
		int all = this.entries.size();
		return Math.max(targets, ((long) maxServices * targets + all - 1) / all);
	}

	private static @Nullable Target best(List<Entry> candidates, ToIntFunction<Target> services) {
		return candidates.stream()
			.min(Comparator.<Entry>comparingInt((entry) -> services.applyAsInt(entry.target) + (entry.failed ? 1 : 0))
				.thenComparingLong((entry) -> entry.isPreferred() ? entry.lastAttempt : entry.rank))
			.map((entry) -> entry.target)
			.orElse(null);
	}

	/** Record the end of an attempt to create a service for a target. */
	public void attempted(Target target, boolean created, long now) {
		this.attempts++;
		Entry entry = find(target);
		if (entry == null) {
			return;
		}
		entry.failed = !created;
		entry.broken = false;
		entry.lastAttempt = this.attempts;
		if (created) {
			entry.backoff.succeeded();
		}
		else {
			entry.backoff.failed(now);
		}
		countBackoffs();
	}

	/** Record that a service failed before it served a request. */
	public void failedUnused(Target target, long now) {
		Entry entry = find(target);
		if (entry != null) {
			entry.backoff.failedUnused(now);
			countBackoffs();
		}
	}

	/**
	 * Record that several services in a row were broken before they responded. Services
	 * that break during the resulting pause do not extend it, because they were created
	 * before it.
	 */
	public void brokenUnused(Target target, long now) {
		Entry entry = find(target);
		if (entry != null && !entry.backoff.backingOff()) {
			entry.broken = true;
			failedUnused(target, now);
		}
	}

	private @Nullable Entry find(Target target) {
		return this.entries.stream().filter((entry) -> entry.target.equals(target)).findFirst().orElse(null);
	}

	/** Return whether a target is backing off after failed creations. */
	public boolean isBackingOff(Target target) {
		Entry entry = (this.backingOff > 0) ? find(target) : null;
		return entry != null && entry.backoff.backingOff();
	}

	public boolean isBackingOffForAll() {
		return this.backingOff == this.entries.size();
	}

	/**
	 * Return whether callers should not wait for the end of the backoffs. They wait for a
	 * short pause after broken services, because the services may have broken during a
	 * burst that ends in the meantime.
	 */
	public boolean isBackingOffForLong(long now) {
		return isBackingOffForAll() && this.entries.stream()
			.allMatch((entry) -> !entry.broken || entry.backoff.remaining(now) > SHORT_PAUSE);
	}

	/**
	 * End the backoffs that are over.
	 * @return whether any backoff ended
	 */
	public boolean endBackoffs(long now) {
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
	 * Return the time until the next backoff ends.
	 * @return the time in nanoseconds, or {@link Long#MAX_VALUE} if no target is backing
	 * off
	 */
	public long nanosToBackoffEnd(long now) {
		long left = Long.MAX_VALUE;
		if (this.backingOff > 0) {
			for (Entry entry : this.entries) {
				left = entry.backoff.backingOff() ? Math.min(left, entry.backoff.remaining(now)) : left;
			}
		}
		return left;
	}

}
