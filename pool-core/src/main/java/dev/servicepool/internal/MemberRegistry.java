package dev.servicepool.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import dev.servicepool.internal.leak.LeaseRecord;
import dev.servicepool.internal.target.Targets;
import dev.servicepool.internal.util.Figures;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.Target;
import dev.servicepool.internal.balance.ReadySet;
import org.jspecify.annotations.Nullable;

/**
 * Services of a pool, live and retired, and the counters of closed ones. Guarded by the
 * lock, except for the ready set, which any thread reads.
 */
final class MemberRegistry<Q, R> {

	private final Targets targets;

	private final TargetAllocator<Q, R> allocator;

	private final Bounds bounds;

	private final int maxSurge;

	/**
	 * The services that accept requests now or later, in the order in which they joined.
	 */
	private final List<Member<Q, R>> live = new ArrayList<>();

	/** The services that are draining or closing. */
	private final Set<Member<Q, R>> retired = new LinkedHashSet<>();

	private final ReadySet<Member<Q, R>> ready = new ReadySet<>();

	private final SuspendedMembers<Q, R> suspended;

	/**
	 * Ready samples of services that have become closed, not added to the load estimate
	 * yet.
	 */
	private long samples;

	private int beingPolled;

	/** The number of successors beside the services that they replace. */
	private int replacing;

	/** The number of services beyond the size, which exist because of replacements. */
	private int surplus;

	/** The number of successors that are being created beside other services. */
	private int successors;

	/** The number of draining services that occupy no slot any more. */
	private int lingering;

	/** Whether all preferred targets may fail together. */
	private boolean inDoubt;

	/** Cached because it is needed for each event. */
	private @Nullable Member<Q, R> firstToExpire;

	private final Counters counters = new Counters();

	MemberRegistry(PoolSettings settings, Targets targets) {
		this.bounds = new Bounds(settings);
		this.targets = targets;
		this.allocator = new TargetAllocator<>(targets, this.bounds, this.live);
		this.maxSurge = settings.maxSurge();
		this.suspended = new SuspendedMembers<>(this.live, this.bounds);
	}

	Bounds bounds() {
		return this.bounds;
	}

	List<Member<Q, R>> live() {
		return this.live;
	}

	Set<Member<Q, R>> retired() {
		return this.retired;
	}

	ReadySet<Member<Q, R>> ready() {
		return this.ready;
	}

	/** Return all services that occupy a slot, live and retired. */
	List<Member<Q, R>> all() {
		List<Member<Q, R>> all = new ArrayList<>(this.live);
		all.addAll(this.retired);
		all.sort(Comparator.comparingLong((member) -> member.id));
		return all;
	}

	int slots() {
		return this.live.size() + this.retired.size();
	}

	/** Return the maximum number of services, which depends on the number of targets. */
	int maxServices() {
		return this.bounds.maxServices(this.targets.size());
	}

	/**
	 * Return whether no service can be created, except for a successor. Successors that
	 * are being created count too.
	 */
	boolean isFull() {
		return occupiedSlots() - this.surplus >= maxServices() || !hasRoom(occupiedSlots());
	}

	/** Return the number of services that can be created, except for successors. */
	long room() {
		return (long) maxServices() + Math.min(this.surplus, this.maxSurge - this.successors) - occupiedSlots();
	}

	/**
	 * Return whether a successor can be created beside all other services.
	 * @param creating the number of other services that are being created
	 */
	boolean hasRoomForSuccessor(int creating) {
		return hasRoom(occupiedSlots() + creating);
	}

	/**
	 * Return whether the first service of a target can be created. Up to
	 * {@code maxServices} draining services do not matter.
	 */
	boolean hasRoomForFirst() {
		return this.live.size() < maxServices() && hasRoom(this.live.size()) && occupiedSlots() < 2L * maxServices();
	}

	private boolean hasRoom(int services) {
		return services + this.successors < (long) maxServices() + this.maxSurge;
	}

	private int occupiedSlots() {
		return slots() - this.lingering;
	}

	/** Set the number of successors that are being created beside other services. */
	void successors(int successors) {
		this.successors = successors;
	}

	/** Set the number of draining services that occupy no slot any more. */
	void lingering(int lingering) {
		this.lingering = lingering;
	}

	/** Set the number of services that do not count towards the size. */
	void surplus(int surplus) {
		this.surplus = surplus;
	}

	/**
	 * Return whether a service may be removed. During a replacement, no service may be
	 * removed, because the replaced service still counts.
	 */
	boolean canScaleDown() {
		return this.replacing == 0 && !this.inDoubt && this.live.size() - this.surplus > leastServices();
	}

	/** Return whether a successor exists beside the service that it replaces. */
	boolean hasSuccessor() {
		return this.replacing + this.surplus > 0;
	}

	/**
	 * Return the minimum number of services, which includes one service per preferred
	 * target.
	 */
	int leastServices() {
		return this.bounds.settings().minServices(this.targets.preferred());
	}

	/**
	 * Return whether targets that are not preferred can serve callers instead of
	 * suspended services.
	 */
	boolean hasReserve() {
		return this.allocator.hasReserve()
				&& (!isFull() || this.live.stream().anyMatch((member) -> member.tier() > 0 && !member.isSuspended()));
	}

	/**
	 * Set whether all preferred targets may fail together. Until this is known, they are
	 * compared with a service of another target, and no service is removed.
	 */
	void inDoubt(boolean inDoubt) {
		this.inDoubt = inDoubt;
	}

	/**
	 * Return why a service is needed that is not for a preferred target.
	 * @return the reason, or {@code null} if no such service is needed
	 */
	@Nullable String reserveNeeded() {
		if (!this.live.isEmpty() && this.suspended.notSuspended() == 0 && hasReserve()) {
			return "all services are suspended";
		}
		boolean compare = this.inDoubt && this.live.stream().noneMatch((member) -> member.tier() > 0);
		return (compare && hasReserve()) ? "all preferred targets seem to fail" : null;
	}

	/**
	 * Return the maximum number of ejected services: half of all, so never the only one,
	 * or those of all preferred targets while others can serve the callers.
	 */
	int maxEjected() {
		int half = this.live.size() / 2;
		return hasReserve() ? Math.max(half, (int) this.live.stream().filter((member) -> member.tier() == 0).count())
				: half;
	}

	/**
	 * Return the number of services that must be retired because the maximum was lowered,
	 * 0 or negative if there is none. Services that are being replaced do not count.
	 */
	long excess() {
		long counted = this.live.size() - this.surplus - this.replacing;
		long beyondSurge = (long) this.live.size() - this.maxSurge;
		return Math.max(counted, beyondSurge) - maxServices();
	}

	/** Return whether each service is the one that its target needs. */
	boolean hasNoSpareService() {
		return this.allocator.newestSpare((any) -> true) == null;
	}

	/** Set the number of successors beside the services that they replace. */
	void replacing(int replacing) {
		this.replacing = replacing;
	}

	/**
	 * Return the service that expires first, if any. Services whose targets are backing
	 * off do not count, because they have no successor.
	 */
	@Nullable Member<Q, R> firstToExpire() {
		Member<Q, R> first = this.firstToExpire;
		return (first != null && this.allocator.isBackingOff(first.target))
				? firstToExpire((target) -> !this.allocator.isBackingOff(target)) : first;
	}

	private @Nullable Member<Q, R> firstToExpire(Predicate<Target> counts) {
		Member<Q, R> first = null;
		for (Member<Q, R> member : this.live) {
			if (member.expires() && !member.isSuspended() && counts.test(member.target)
					&& (first == null || member.expiry() - first.expiry() < 0)) {
				first = member;
			}
		}
		return first;
	}

	private void findFirstToExpire() {
		this.firstToExpire = firstToExpire((target) -> true);
	}

	private void membersChanged() {
		findFirstToExpire();
		this.allocator.findUnserved();
	}

	/**
	 * Return the service that is removed first. Its target does not need it, if there is
	 * such a service. An ejected service is removed before all others, then one that does
	 * not respond, one of a later tier, and a newer service before an older one.
	 */
	Member<Q, R> removedFirst() {
		Member<Q, R> first = (this.suspended.ejected() > 0) ? this.allocator.newestSpare(Member::isEjected) : null;
		first = (first != null) ? first : this.allocator.newestSpare(Member::isSuspect);
		first = (first != null) ? first : this.allocator.newestSpare((any) -> true);
		return (first != null) ? first : this.live.get(this.live.size() - 1);
	}

	/** Adapt to changed targets. */
	void retargeted() {
		for (Member<Q, R> member : this.live) {
			boolean listed = member.isListed();
			this.ready.remove(member);
			order(member);
			if (listed) {
				this.ready.add(member);
			}
		}
	}

	private void order(Member<Q, R> member) {
		member.order(this.targets.tier(member.target), this.targets.isRemote(member.target));
	}

	/** Add a new member. The result of its first poll is handled afterwards. */
	void join(Member<Q, R> member) {
		order(member);
		this.live.add(member);
		this.beingPolled++;
		membersChanged();
	}

	/** Return the longest active lease, if leases are tracked. */
	LeaseRecord.@Nullable Observed longestActive(long now) {
		LeaseRecord longest = null;
		for (Member<Q, R> member : all()) {
			LeaseRecord oldest = member.leaseTracker.oldest();
			if (oldest != null && (longest == null || oldest.since - longest.since < 0)) {
				longest = oldest;
			}
		}
		return (longest != null) ? longest.observe(now) : null;
	}

	/** Return the number of requests in flight, including those at retired services. */
	int inFlight() {
		int inFlight = 0;
		for (Member<Q, R> member : this.live) {
			inFlight += member.permits.inFlight();
		}
		for (Member<Q, R> member : this.retired) {
			inFlight += member.permits.inFlight();
		}
		return inFlight;
	}

	/** Close a member for all threads except the one that owns the lock. */
	private void closeToOthers(Member<Q, R> member) {
		endOffer(member);
		member.permits.close();
		this.samples += member.permits.collectSamples();
	}

	/** Return the number of ready samples without the lock since the last call. */
	long collectSamples() {
		this.ready.forEach((member) -> this.samples += member.permits.collectSamples());
		long samples = this.samples;
		this.samples = 0;
		return samples;
	}

	/** Return the number of ready samples that were not collected. */
	long uncollectedSamples() {
		long[] samples = { this.samples };
		this.ready.forEach((member) -> samples[0] += member.permits.uncollectedSamples());
		return samples[0];
	}

	/** Lower the marks, so that the next caller checks whether samples must be added. */
	void lowerMarks() {
		this.ready.forEach((member) -> member.permits.samples.lowerMark());
	}

	/** Return whether a service is ready that may serve a caller. */
	boolean isReadyFor(Waiter<Q, R> waiter) {
		if (waiter.wanted == null) {
			return this.ready.size() > 0;
		}
		boolean[] found = new boolean[1];
		this.ready.forEach((member) -> found[0] |= waiter.accepts(member));
		return found[0];
	}

	/** Return the targets, which only the allocator changes. */
	Targets targets() {
		return this.targets;
	}

	TargetAllocator<Q, R> allocator() {
		return this.allocator;
	}

	SuspendedMembers<Q, R> suspended() {
		return this.suspended;
	}

	/** Eject a member. */
	void eject(Member<Q, R> member) {
		this.suspended.remove(member);
		closeToOthers(member);
		member.eject();
		this.suspended.add(member);
		findFirstToExpire();
	}

	/** Pause a member, which may be ejected. */
	void pause(Member<Q, R> member) {
		this.suspended.remove(member);
		closeToOthers(member);
		member.pause();
		this.suspended.add(member);
		findFirstToExpire();
	}

	/** End the suspension of a member. */
	void endSuspension(Member<Q, R> member) {
		this.suspended.remove(member);
		endOffer(member);
		member.endSuspension();
		findFirstToExpire();
	}

	/** Offer a probe of an ejected member to the next caller. */
	void offerProbe(Member<Q, R> member) {
		member.offerProbe(true);
		this.ready.add(member);
	}

	/**
	 * Withdraw the offer because a caller took the probe or the member is not ejected any
	 * more.
	 */
	void endOffer(Member<Q, R> member) {
		member.offerProbe(false);
		this.ready.remove(member);
	}

	/** Reserve a member and one of its permits for a poll. */
	void beginPoll(Member<Q, R> member) {
		if (member.isSuspended()) {
			endOffer(member);
		}
		else {
			closeToOthers(member);
		}
		member.beginPoll();
		member.permits.acquire();
		this.beingPolled++;
	}

	/**
	 * Handle the end of a poll.
	 * @return whether a wake-up arrived during the poll
	 */
	boolean endPoll(Member<Q, R> member) {
		this.beingPolled--;
		return member.endPoll();
	}

	/**
	 * Return the number of members that are being polled, so that their readiness is
	 * unknown.
	 */
	int beingPolled() {
		return this.beingPolled;
	}

	/**
	 * Add a member to the ready set and, unless it is polled, open it for all threads.
	 */
	void ready(Member<Q, R> member) {
		member.becomeReady();
		if (!member.isListed()) {
			this.ready.add(member);
		}
		if (!member.isPolledEachTime()) {
			member.permits.open();
		}
	}

	/** Close the members that have become full, and remove them from the ready set. */
	void removeFull() {
		this.ready.removeIf((member) -> {
			boolean full = !member.isProbing() && member.permits.closeIfFull();
			if (full) {
				this.samples += member.permits.collectSamples();
				member.becomeBusy();
			}
			return full;
		});
	}

	/** Retire a member, so that it accepts no more requests. */
	void retire(Member<Q, R> member) {
		drop(member);
		member.retire();
	}

	/** Retire a member that has failed. */
	void evict(Member<Q, R> member) {
		drop(member);
		member.evict();
	}

	private void drop(Member<Q, R> member) {
		this.suspended.remove(member);
		closeToOthers(member);
		this.live.remove(member);
		this.retired.add(member);
		membersChanged();
	}

	/**
	 * Record that the service of a member is closed.
	 * @return whether the member was not known to be closed
	 */
	boolean closed(Member<Q, R> member) {
		if (!this.retired.remove(member)) {
			return false;
		}
		member.endClose();
		this.counters.closed(member);
		return true;
	}

	/** Return the number of calls that were sent to services. */
	long calls() {
		long calls = this.counters.calls();
		for (Member<Q, R> member : this.live) {
			calls += member.permits.calls();
		}
		for (Member<Q, R> member : this.retired) {
			calls += member.permits.calls();
		}
		return calls;
	}

	/** Return the number of calls that indicate that a service works. */
	long successes() {
		return this.counters.successes(this.live, this.retired);
	}

	Counters counters() {
		return this.counters;
	}

	/**
	 * Describe the number of services, in constant time. A full service counts as ready
	 * until a thread detects that it is full.
	 */
	String counts(int creating) {
		int total = this.live.size();
		int ready = this.ready.size();
		int ejected = this.suspended.ejected();
		int paused = this.suspended.paused();
		return Figures.count(total, "service") + ": " + ready + " ready"
				+ some(Math.max(0, total - ready - ejected - paused), "busy or pending") + some(paused, "paused")
				+ some(ejected, "ejected") + ((creating > 0) ? "; " + creating + " being created" : "")
				+ (this.retired.isEmpty() ? "" : "; " + this.retired.size() + " retired");
	}

	private static String some(int count, String state) {
		return (count > 0) ? ", " + count + " " + state : "";
	}

	PoolSnapshot.Size size(int creating) {
		Map<State, Integer> counts = new EnumMap<>(State.class);
		this.live.forEach((member) -> counts.merge(member.publicState(), 1, Integer::sum));
		this.retired.forEach((member) -> counts.merge(member.publicState(), 1, Integer::sum));
		return new PoolSnapshot.Size(counts.getOrDefault(State.READY, 0), counts.getOrDefault(State.BUSY, 0),
				counts.getOrDefault(State.PENDING, 0), counts.getOrDefault(State.PAUSED, 0),
				counts.getOrDefault(State.EJECTED, 0), counts.getOrDefault(State.DRAINING, 0),
				counts.getOrDefault(State.CLOSING, 0), creating);
	}

}
