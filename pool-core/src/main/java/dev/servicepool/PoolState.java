package dev.servicepool;

import java.util.List;
import java.util.Map;

import dev.servicepool.PoolEvent.What;
import dev.servicepool.internal.balance.ReadySet;
import org.jspecify.annotations.Nullable;

/**
 * All decisions of one pool: it is told what has happened and at what time, and leaves in
 * its {@link Journal} what is to be done about it. Single-threaded; guarded by the pool's
 * lock. It calls no service, factory, metric or listener.
 * <p>
 * Between two events one rule always holds: if a caller waits, the ready set is empty and
 * every service is closed, so that each place that is given back passes through here and
 * goes to the first in the queue.
 */
final class PoolState<Q, R> {

	private static final String CLOSED = "is closed";

	private static final String NO_SERVICE = "has no service, and the last attempt to make one failed";

	private final String name;

	private final PoolSettings settings;

	private final Roster<Q, R> roster;

	private final Journal<Q, R> journal;

	private final Departures<Q, R> departures;

	private final Sizer<Q, R> sizer;

	private final Callers<Q, R> callers;

	/**
	 * How many services are being polled: until they answer nobody knows if one is ready.
	 */
	private int polling;

	private boolean closed;

	private boolean warned;

	private boolean tickDue;

	private long tickAt;

	PoolState(String name, PoolSettings settings, Roster<Q, R> roster, Journal<Q, R> journal, Makes makes) {
		this.name = name;
		this.settings = settings;
		this.roster = roster;
		this.journal = journal;
		this.callers = new Callers<>(name, settings, roster, journal, makes);
		this.departures = new Departures<>(roster, journal, settings);
		this.sizer = new Sizer<>(settings, roster, this.departures, journal, makes);
	}

	ReadySet<Member<Q, R>> readySet() {
		return this.roster.ready();
	}

	ReadyCounter readies() {
		return this.sizer.readies();
	}

	/** Begin to take in an event. */
	void enter(long now) {
		this.sizer.takeInReadies(now);
		if (this.sizer.makes().endPause(now)) {
			this.callers.askAgain();
		}
	}

	/** Having taken in an event, do what follows from the new state whatever it was. */
	List<Effect<Q, R>> leave(long now) {
		if (this.polling == 0) {
			this.callers.sample(this.sizer, now);
		}
		this.sizer.keepMinimum(now);
		if (this.sizer.isHopeless()) {
			this.callers.refuseAll(Refusal.Reason.NO_SERVICE, NO_SERVICE);
		}
		this.sizer.allowReadies();
		scheduleTick(now);
		return this.journal.takeEffects();
	}

	void start() {
		if (!this.closed) {
			this.sizer.start();
		}
	}

	/**
	 * A caller has found no service ready.
	 * @param mayWait whether the caller may join the queue; if not, it is left unsettled
	 * @return whether the caller should look again, since a service is ready after all
	 */
	boolean arrive(Waiter<Q, R> waiter, boolean mayWait, long now) {
		if (this.closed) {
			waiter.refuse(this.callers.refusal(Refusal.Reason.CLOSED, CLOSED));
			return false;
		}
		this.sizer.start();
		this.roster.removeFullOnes();
		if (this.roster.ready().size() > 0) {
			return true;
		}
		waiter.sampled = this.polling == 0;
		if (waiter.sampled) {
			this.sizer.pending(now);
		}
		if (mayWait) {
			this.callers.join(waiter);
		}
		return false;
	}

	/** A caller's time is up. Does nothing if it has been settled meanwhile. */
	void giveUp(Waiter<Q, R> waiter) {
		if (waiter.isSettled()) {
			return;
		}
		this.callers.leave(waiter);
		if (this.sizer.isHopeless()) {
			waiter.refuse(this.callers.refusal(Refusal.Reason.NO_SERVICE, NO_SERVICE));
		}
		else {
			this.callers.timeOut(waiter);
		}
	}

	/** A caller goes away. If it has been granted a member, it has to give that back. */
	void withdraw(Waiter<Q, R> waiter) {
		this.callers.leave(waiter);
	}

	/** A request has ended at a member that was closed at that moment. */
	void released(Member<Q, R> member, long now) {
		member.permits.giveBack();
		if (member.state == Member.State.BUSY) {
			serve(member, now);
		}
		else {
			this.departures.closeIfIdle(member, now);
		}
	}

	/** A member that is live and not in the ready set may be able to take requests. */
	private void serve(Member<Q, R> member, long now) {
		int granted = 0;
		if (!member.polled) {
			Waiter<Q, R> first = this.callers.first();
			while (first != null && !member.permits.isFull()) {
				member.permits.take();
				this.callers.grant(first, member);
				granted++;
				first = this.callers.first();
			}
		}
		if (member.permits.isFull()) {
			member.state = Member.State.BUSY;
		}
		else if (this.callers.waiting() == 0) {
			this.roster.ready(member);
		}
		else {
			beginPoll(member);
			this.journal.effect(new Effect.Poll<>(member));
		}
		this.sizer.ready(granted, now);
	}

	private void beginPoll(Member<Q, R> member) {
		this.roster.notReady(member, Member.State.PENDING);
		member.permits.take();
		member.polling = true;
		this.polling++;
	}

	/**
	 * A caller wants to poll a member for itself.
	 * @return whether it may: not if the member is not ready any more
	 */
	boolean reserve(Member<Q, R> member) {
		boolean reserved = member.state == Member.State.READY && !member.permits.isFull();
		if (reserved) {
			beginPoll(member);
		}
		return reserved;
	}

	/**
	 * A poll has ended.
	 * @param readiness what the service said
	 * @param caller who polled for itself; if absent, the poll was for the queue
	 */
	void polled(Member<Q, R> member, Readiness readiness, @Nullable Waiter<Q, R> caller, long now) {
		this.polling--;
		endPoll(member, readiness);
		Waiter<Q, R> first = this.callers.first();
		int granted = 0;
		if (readiness == Readiness.PENDING) {
			member.permits.untake();
		}
		else if (caller != null) {
			caller.grant(member);
			granted++;
		}
		else if (first != null) {
			this.callers.grant(first, member);
			granted++;
		}
		else {
			member.permits.untake();
		}
		afterPoll(member, readiness, now);
		this.sizer.ready(granted, now);
	}

	/** A poll has failed, and with it the service. */
	void pollFailed(Member<Q, R> member, Throwable cause, long now) {
		this.polling--;
		endPoll(member, Readiness.READY);
		member.permits.untake();
		if (member.isLive()) {
			if (member.permits.calls() == 0) {
				// It has never served anybody: as bad as if it had not been made.
				this.sizer.makes().pause(cause, now);
			}
			this.departures.evict(member, "pollReady failed: " + cause, now);
		}
		this.departures.closeIfIdle(member, now);
	}

	private void endPoll(Member<Q, R> member, Readiness readiness) {
		if (member.woken && readiness == Readiness.PENDING) {
			// One more poll, but not on this thread: a service that does this each time
			// must not keep a caller busy for ever.
			this.journal.effect(new Effect.WakeUp<>(member));
		}
		member.polling = false;
		member.woken = false;
	}

	private void afterPoll(Member<Q, R> member, Readiness readiness, long now) {
		if (!member.isLive()) {
			this.departures.closeIfIdle(member, now);
		}
		else if (readiness != Readiness.PENDING) {
			serve(member, now);
		}
	}

	/** A service says that it may have become ready. */
	void wokeUp(Member<Q, R> member, long now) {
		if (member.polling) {
			member.woken = true;
		}
		else if (member.state == Member.State.PENDING) {
			serve(member, now);
		}
	}

	/**
	 * A service was made and polled for the first time.
	 * @return whether it is wanted: not if it comes late
	 */
	boolean made(Attempt attempt, Member<Q, R> member, Readiness readiness, long now) {
		if (!this.sizer.made(attempt, member)) {
			return false;
		}
		boolean pending = readiness == Readiness.PENDING;
		this.journal.event(What.JOINED, "for " + member.target.name() + (pending ? ", pending" : ", ready"), member);
		warnIfItCannotGrow(readiness);
		endPoll(member, readiness);
		afterPoll(member, readiness, now);
		this.callers.askAgain();
		return true;
	}

	private void warnIfItCannotGrow(Readiness readiness) {
		if (!this.warned && readiness == Readiness.ALWAYS && this.settings.maxConcurrency() == PoolBuilder.UNLIMITED
				&& this.settings.maxServices() > this.settings.minServices()) {
			this.warned = true;
			this.journal.effect(new Effect.Warn<>("Pool '" + this.name
					+ "' can never grow: its services are always ready, since maxConcurrency is unlimited and they don't"
					+ " override pollReady. Set maxConcurrency to the number of requests that one service takes at a"
					+ " time, or maxServices to minServices"));
		}
	}

	void makeFailed(Attempt attempt, Throwable cause, long now) {
		if (this.sizer.makeFailed(attempt, cause, now)) {
			this.callers.askAgain();
		}
	}

	/** A service has closed. */
	void closed(Member<Q, R> member) {
		this.departures.closed(member);
		this.sizer.placeFreed();
	}

	/** Some time has passed. */
	void tick(long now) {
		this.tickDue &= now - this.tickAt < 0;
		this.departures.giveUpOnSlowCloses(now);
		if (this.sizer.giveUpOnSlowMake(now)) {
			this.callers.askAgain();
		}
	}

	private void scheduleTick(long now) {
		long left = Math.min(this.sizer.makes().nanosToNextDeadline(now), this.departures.nanosToNextDeadline(now));
		if (left != Long.MAX_VALUE && (!this.tickDue || now + left - this.tickAt < 0)) {
			long delay = Math.max(0, left);
			this.tickDue = true;
			this.tickAt = now + delay;
			this.journal.effect(new Effect.Tick<>(delay));
		}
	}

	/**
	 * Retire all services there are.
	 * @return those that leave, earlier ones included
	 */
	List<Member<Q, R>> drain(long now) {
		this.sizer.stop();
		this.departures.retireAll("the pool is drained", now);
		if (this.callers.waiting() > 0) {
			this.sizer.start();
		}
		return List.copyOf(this.roster.leaving());
	}

	/**
	 * Turn away all callers and retire all services, for good.
	 * @return those that leave, earlier ones included
	 */
	List<Member<Q, R>> close(long now) {
		this.closed = true;
		this.sizer.close();
		this.callers.refuseAll(Refusal.Reason.CLOSED, CLOSED);
		this.departures.retireAll("the pool is closed", now);
		return List.copyOf(this.roster.leaving());
	}

	/** Close what has not drained in time. */
	void cut(long now) {
		this.departures.cut(now);
	}

	List<Member<Q, R>> members() {
		return this.roster.all();
	}

	boolean isLeaving(Member<Q, R> member) {
		return this.roster.leaving().contains(member);
	}

	PoolSnapshot snapshot(Map<Member<Q, R>, Double> loads, long now) {
		List<Member<Q, R>> all = this.roster.all();
		int inFlight = all.stream().mapToInt((member) -> member.permits.inFlight()).sum();
		List<PoolSnapshot.Member> members = all.stream()
			.map((member) -> member.snapshot(now, loads.getOrDefault(member, Double.NaN)))
			.toList();
		return new PoolSnapshot(this.name, this.sizer.estimate().level(), this.sizer.estimate().value(), inFlight,
				this.callers.waiting(), this.roster.services(this.sizer.makes().inProgress()), this.callers.calls(),
				this.sizer.makes().snapshot(this.roster.drained(), this.roster.evicted()), this.settings,
				this.journal.log().lastDecision(), members, this.journal.log().events());
	}

}
