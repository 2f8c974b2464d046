package dev.servicepool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.internal.balance.ReadySet;
import org.jspecify.annotations.Nullable;

/**
 * The services of a pool: those that live, those that leave, and the books on those that
 * have gone. Guarded by the pool's lock, but for the ready set, which any thread reads.
 */
final class MemberRegistry<Q, R> {

	private final TargetAllocator<Q, R> allocator;

	private final int minServices;

	private final int maxServices;

	/** Those that take requests, now or later, in the order in which they joined. */
	private final List<Member<Q, R>> live = new ArrayList<>();

	/** Those that drain or close. */
	private final Set<Member<Q, R>> retired = new LinkedHashSet<>();

	private final ReadySet<Member<Q, R>> ready = new ReadySet<>();

	private final SuspendedMembers<Q, R> suspended;

	/** Ready samples of services that were closed since, not taken in yet. */
	private long samples;

	private int beingPolled;

	/** Whether there is a successor that has not been ready yet. */
	private boolean replacing;

	/** Kept, since it is asked for at every event. */
	private @Nullable Member<Q, R> firstToExpire;

	private final Counters counters = new Counters();

	MemberRegistry(List<Target> targets, PoolSettings settings, RandomGenerator random) {
		this.allocator = new TargetAllocator<>(targets, settings, random, this.live);
		this.minServices = settings.minServices();
		this.maxServices = settings.maxServices();
		this.suspended = new SuspendedMembers<>(this.live, settings.maxConcurrency());
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

	/** Return all that hold a place: live or leaving. */
	List<Member<Q, R>> all() {
		List<Member<Q, R>> all = new ArrayList<>(this.live);
		all.addAll(this.retired);
		all.sort(Comparator.comparingLong((member) -> member.id));
		return all;
	}

	int slots() {
		return this.live.size() + this.retired.size();
	}

	boolean isFull() {
		return slots() >= this.maxServices;
	}

	/**
	 * Whether a service may be removed: not while one is being replaced, which is there
	 * twice.
	 */
	boolean canScaleDown() {
		return !this.replacing && this.live.size() > leastServices();
	}

	/** Return how many services there are to be at least: each target has one. */
	int leastServices() {
		return Math.max(this.minServices, Math.min(this.allocator.targets(), this.maxServices));
	}

	/** Whether the service removed first leaves its target without one. */
	boolean isEachTheOnlyOne() {
		return this.allocator.servicesFor(removedFirst().target) == 1;
	}

	void replacing(boolean replacing) {
		this.replacing = replacing;
	}

	/** Return the service that is to be replaced first, if any is. */
	@Nullable Member<Q, R> firstToExpire() {
		return this.firstToExpire;
	}

	private void findFirstToExpire() {
		Member<Q, R> first = null;
		for (Member<Q, R> member : this.live) {
			if (member.expires && !member.isSuspended() && (first == null || member.expiry - first.expiry < 0)) {
				first = member;
			}
		}
		this.firstToExpire = first;
	}

	private void membersChanged() {
		findFirstToExpire();
		this.allocator.findUnserved();
	}

	/**
	 * Return the newest service whose target keeps another, rather an ejected one than
	 * one that works; else the newest.
	 */
	Member<Q, R> removedFirst() {
		Member<Q, R> first = (this.suspended.ejected() > 0)
				? this.allocator.newestSpare((member) -> member.state == Member.State.EJECTED) : null;
		first = (first != null) ? first : this.allocator.newestSpare((any) -> true);
		return (first != null) ? first : this.live.get(this.live.size() - 1);
	}

	/** A new member, whose first poll has not been taken in yet. */
	void join(Member<Q, R> member) {
		this.live.add(member);
		this.beingPolled++;
		membersChanged();
	}

	/** Return the lease that is held the longest, if leases are tracked. */
	LeaseRecord.@Nullable Seen longestActive(long now) {
		LeaseRecord longest = null;
		for (Member<Q, R> member : all()) {
			LeaseRecord oldest = member.leaseTracker.oldest();
			if (oldest != null && (longest == null || oldest.since - longest.since < 0)) {
				longest = oldest;
			}
		}
		return (longest != null) ? longest.seen(now) : null;
	}

	/** Return the requests in flight, those at services that drain included. */
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

	/** The member has nothing free any more, or can't say. */
	void notReady(Member<Q, R> member, Member.State state) {
		endOffer(member);
		member.permits.close();
		this.samples += member.permits.collectSamples();
		member.state = state;
	}

	/**
	 * Return how many requests were let in without the lock since this was asked last.
	 */
	long collectSamples() {
		this.ready.forEach((member) -> this.samples += member.permits.collectSamples());
		long samples = this.samples;
		this.samples = 0;
		return samples;
	}

	/** Whoever is let in next is to ask whether samples are to be taken in. */
	void lowerMarks() {
		this.ready.forEach((member) -> member.permits.samples.lowerMark());
	}

	TargetAllocator<Q, R> allocator() {
		return this.allocator;
	}

	SuspendedMembers<Q, R> suspended() {
		return this.suspended;
	}

	/** The member gets no requests for a while. */
	void suspend(Member<Q, R> member, Member.State state) {
		boolean reportedPending = member.isSuspended() ? member.suspension.reportedPending
				: member.state == Member.State.PENDING && !member.polling;
		this.suspended.remove(member);
		notReady(member, state);
		member.suspension.reportedPending = reportedPending;
		this.suspended.add(member);
		findFirstToExpire();
	}

	/** The member is to get requests again. */
	void endSuspension(Member<Q, R> member) {
		this.suspended.remove(member);
		notReady(member, Member.State.PENDING);
		findFirstToExpire();
	}

	/** An ejected member is to get the next request, whoever sends it. */
	void offerProbe(Member<Q, R> member) {
		member.probing = true;
		this.ready.add(member);
	}

	/** The next request is there, or the member is not ejected any more. */
	void endOffer(Member<Q, R> member) {
		member.probing = false;
		this.ready.remove(member);
	}

	/** The member is about to be asked whether it is ready. */
	void beginPoll(Member<Q, R> member) {
		if (member.isSuspended()) {
			endOffer(member);
		}
		else {
			notReady(member, Member.State.PENDING);
		}
		member.polling = true;
		this.beingPolled++;
	}

	/** The member has answered. */
	void endPoll(Member<Q, R> member) {
		member.polling = false;
		this.beingPolled--;
		member.woken = false;
	}

	/** Return how many are being asked: nobody knows yet whether they are ready. */
	int beingPolled() {
		return this.beingPolled;
	}

	/** The member can take requests again, from any thread unless it is polled. */
	void ready(Member<Q, R> member) {
		member.state = Member.State.READY;
		if (!member.isListed()) {
			this.ready.add(member);
		}
		if (!member.polled) {
			member.permits.open();
		}
	}

	/** Put aside those that have become full since they were last looked at. */
	void removeFullOnes() {
		this.ready.removeIf((member) -> {
			boolean full = !member.probing && member.permits.closeIfFull();
			if (full) {
				this.samples += member.permits.collectSamples();
				member.state = Member.State.BUSY;
			}
			return full;
		});
	}

	/** The member takes no more requests. */
	void retire(Member<Q, R> member) {
		this.suspended.remove(member);
		notReady(member, Member.State.DRAINING);
		this.live.remove(member);
		this.retired.add(member);
		membersChanged();
	}

	/**
	 * The member's service has closed.
	 * @return whether it was not known before
	 */
	boolean closed(Member<Q, R> member) {
		if (!this.retired.remove(member)) {
			return false;
		}
		member.state = Member.State.CLOSED;
		this.counters.closed(member);
		return true;
	}

	Counters counters() {
		return this.counters;
	}

	/**
	 * Say how many services there are, in constant time. A service counts as ready as
	 * long as nobody has found it full.
	 */
	String counts(boolean creating) {
		int total = this.live.size();
		int ready = this.ready.size();
		String ejected = (this.suspended.ejected() > 0) ? this.suspended.ejected() + " ejected, " : "";
		return total + " services, " + ready + " ready, " + Math.max(0, total - ready - this.suspended.ejected())
				+ " busy, " + ejected + (creating ? 1 : 0) + " being made, " + this.retired.size() + " draining";
	}

	PoolSnapshot.Size size(boolean creating) {
		Map<State, Integer> counts = new EnumMap<>(State.class);
		this.live.forEach((member) -> counts.merge(member.publicState(), 1, Integer::sum));
		this.retired.forEach((member) -> counts.merge(member.publicState(), 1, Integer::sum));
		return new PoolSnapshot.Size(slots(), counts.getOrDefault(State.READY, 0), counts.getOrDefault(State.BUSY, 0),
				counts.getOrDefault(State.PENDING, 0), counts.getOrDefault(State.PAUSED, 0),
				counts.getOrDefault(State.EJECTED, 0), counts.getOrDefault(State.DRAINING, 0),
				counts.getOrDefault(State.CLOSING, 0), creating ? 1 : 0);
	}

}
