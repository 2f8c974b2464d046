package dev.servicepool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import dev.servicepool.internal.balance.ReadySet;
import org.jspecify.annotations.Nullable;

/**
 * The services of a pool: those that live, those that leave, and the books on those that
 * have gone. Guarded by the pool's lock, but for the ready set, which any thread reads.
 */
final class Roster<Q, R> {

	private final Targets targets;

	private final int minServices;

	private final int maxServices;

	/** Those that take requests, now or later, in the order in which they joined. */
	private final List<Member<Q, R>> live = new ArrayList<>();

	/** Those that drain or close. */
	private final Set<Member<Q, R>> leaving = new LinkedHashSet<>();

	private final ReadySet<Member<Q, R>> ready = new ReadySet<>();

	private final AsideList<Q, R> aside;

	private int beingPolled;

	/** Whether there is a successor that has not been ready yet. */
	private boolean replacing;

	/** Kept, since it is asked for at every event. */
	private @Nullable Member<Q, R> firstToExpire;

	/** Kept, likewise: a target that has no service and can get one now. */
	private @Nullable Target unserved;

	private final Ledger ledger = new Ledger();

	Roster(List<Target> targets, PoolSettings settings, RandomGenerator random) {
		this.targets = new Targets(targets, settings, random);
		this.unserved = targets.get(0);
		this.minServices = settings.minServices();
		this.maxServices = settings.maxServices();
		this.aside = new AsideList<>(this.live, settings.maxConcurrency());
	}

	List<Member<Q, R>> live() {
		return this.live;
	}

	Set<Member<Q, R>> leaving() {
		return this.leaving;
	}

	ReadySet<Member<Q, R>> ready() {
		return this.ready;
	}

	/** Return all that hold a place: live or leaving. */
	List<Member<Q, R>> all() {
		List<Member<Q, R>> all = new ArrayList<>(this.live);
		all.addAll(this.leaving);
		all.sort(Comparator.comparingLong((member) -> member.id));
		return all;
	}

	int places() {
		return this.live.size() + this.leaving.size();
	}

	boolean isFull() {
		return places() >= this.maxServices;
	}

	/**
	 * Whether a service may be removed: not while one is being replaced, which is there
	 * twice.
	 */
	boolean canShrink() {
		return !this.replacing && this.live.size() > leastServices();
	}

	/** Return how many services there are to be at least: each target has one. */
	int leastServices() {
		return Math.max(this.minServices, Math.min(this.targets.size(), this.maxServices));
	}

	/** Return a target that has no service and can get one now, if there is one. */
	@Nullable Target unserved() {
		return this.unserved;
	}

	/** Whether the service removed first leaves its target without one. */
	boolean isEachTheOnlyOne() {
		return servicesFor(removedFirst().target) == 1;
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
			if (member.expires && !member.isAside() && (first == null || member.expiry - first.expiry < 0)) {
				first = member;
			}
		}
		this.firstToExpire = first;
	}

	/**
	 * Return what the next service is made for, if one can be made now.
	 * @param wanted which targets may get a service
	 */
	@Nullable Target nextTarget(Predicate<Target> wanted) {
		return this.targets.next(this::servicesFor, wanted);
	}

	/** Return what the next service is made for if there must be one more. */
	@Nullable Target nextTarget() {
		Target best = nextTarget(this::takesMore);
		return (best != null) ? best : nextTarget((any) -> true);
	}

	boolean isPausing(Target target) {
		return this.targets.isPausing(target);
	}

	/** Whether no service can be made at present, since all attempts have failed. */
	boolean isPausingForAll() {
		return this.targets.isPausingForAll();
	}

	/**
	 * End the pauses after failed attempts whose time has come.
	 * @return whether there were any
	 */
	boolean endPauses(long now) {
		boolean ended = this.targets.endPauses(now);
		if (ended) {
			membersChanged();
		}
		return ended;
	}

	/** Return how long until such a pause ends, in nanoseconds. */
	long nanosToPauseEnd(long now) {
		return this.targets.nanosToPauseEnd(now);
	}

	boolean hasTarget(Target target) {
		return this.targets.contains(target);
	}

	/**
	 * Have other targets from now on.
	 * @return whether they are others indeed
	 */
	boolean retarget(List<Target> targets) {
		boolean others = this.targets.size() != targets.size() || !targets.stream().allMatch(this.targets::contains);
		this.targets.replace(targets);
		membersChanged();
		return others;
	}

	/** An attempt to make a service for a target has ended. */
	void attempted(Target target, boolean made, long now) {
		this.targets.attempted(target, made, now);
		membersChanged();
	}

	/** A service has failed before it served anybody: as if it had not been made. */
	void wasted(Target target, long now) {
		this.targets.wasted(target, now);
		membersChanged();
	}

	private void membersChanged() {
		findFirstToExpire();
		this.unserved = this.targets.unserved(this::servicesFor);
	}

	/** Return the newest service whose target keeps another, else the newest. */
	Member<Q, R> removedFirst() {
		for (int index = this.live.size() - 1; index >= 0; index--) {
			Member<Q, R> member = this.live.get(index);
			if (servicesFor(member.target) > 1) {
				return member;
			}
		}
		return this.live.get(this.live.size() - 1);
	}

	List<Member<Q, R>> servicesOf(Target target) {
		return this.live.stream().filter((member) -> member.target.equals(target)).toList();
	}

	/**
	 * Whether a target may get more services because of load: not if a server pushes
	 * back, nor while all its services are ejected.
	 */
	boolean takesMore(Target target) {
		if (this.aside.isEmpty()) {
			return true;
		}
		List<Member<Q, R>> services = servicesOf(target);
		return services.isEmpty() || (services.stream().noneMatch((member) -> member.state == Member.State.PAUSED)
				&& services.stream().anyMatch((member) -> !member.isAside()));
	}

	private int servicesFor(Target target) {
		return (int) this.live.stream().filter((member) -> member.target.equals(target)).count();
	}

	/** A new member, whose first poll has not been taken in yet. */
	void join(Member<Q, R> member) {
		this.live.add(member);
		this.beingPolled++;
		membersChanged();
	}

	/** Return the lease that is held the longest, if leases are tracked. */
	Hold.@Nullable Seen longestHeld(long now) {
		Hold longest = null;
		for (Member<Q, R> member : all()) {
			Hold oldest = member.holds.oldest();
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
		for (Member<Q, R> member : this.leaving) {
			inFlight += member.permits.inFlight();
		}
		return inFlight;
	}

	/** The member has nothing free any more, or can't say. */
	void notReady(Member<Q, R> member, Member.State state) {
		endOffer(member);
		member.permits.close();
		member.state = state;
	}

	AsideList<Q, R> aside() {
		return this.aside;
	}

	/** The member gets no requests for a while. */
	void setAside(Member<Q, R> member, Member.State state) {
		boolean saidPending = member.isAside() ? member.aside.saidPending
				: member.state == Member.State.PENDING && !member.polling;
		this.aside.remove(member);
		notReady(member, state);
		member.aside.saidPending = saidPending;
		this.aside.add(member);
		findFirstToExpire();
	}

	/** The member is to get requests again. */
	void takeBack(Member<Q, R> member) {
		this.aside.remove(member);
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
		if (member.isAside()) {
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
				member.state = Member.State.BUSY;
			}
			return full;
		});
	}

	/** The member takes no more requests. */
	void leave(Member<Q, R> member) {
		this.aside.remove(member);
		notReady(member, Member.State.DRAINING);
		this.live.remove(member);
		this.leaving.add(member);
		membersChanged();
	}

	/**
	 * The member's service has closed.
	 * @return whether it was not known before
	 */
	boolean gone(Member<Q, R> member) {
		if (!this.leaving.remove(member)) {
			return false;
		}
		member.state = Member.State.CLOSED;
		this.ledger.gone(member);
		return true;
	}

	Ledger ledger() {
		return this.ledger;
	}

	/**
	 * Say how many services there are, in constant time. A service counts as ready as
	 * long as nobody has found it full.
	 */
	String counts(boolean making) {
		int total = this.live.size();
		int ready = this.ready.size();
		String ejected = (this.aside.ejected() > 0) ? this.aside.ejected() + " ejected, " : "";
		return total + " services, " + ready + " ready, " + Math.max(0, total - ready - this.aside.ejected())
				+ " busy, " + ejected + (making ? 1 : 0) + " being made, " + this.leaving.size() + " draining";
	}

	PoolSnapshot.Services services(boolean making) {
		int total = this.live.size();
		int ready = (int) this.live.stream()
			.filter((member) -> member.state == Member.State.READY && !member.permits.isFull())
			.count();
		return new PoolSnapshot.Services(total, ready, total - ready - this.aside.ejected(), making ? 1 : 0,
				this.leaving.size(), this.aside.ejected());
	}

}
