package dev.servicepool;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.random.RandomGenerator;

import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.internal.balance.ReadySet;
import org.jspecify.annotations.Nullable;

/**
 * All decisions of one pool: it is told what has happened and at what time, and leaves in
 * its {@link EventRecorder} what is to be done about it. Single-threaded; guarded by the
 * pool's lock. It calls no service, factory, metric or listener.
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

	private final MemberRegistry<Q, R> roster;

	private final EventRecorder<Q, R> journal;

	private final Creations<Q, R> creations;

	private final WaitQueue<Q, R> waitQueue;

	private final DemandTracker<Q, R> demand;

	private final Retirement<Q, R> retirement;

	private final WarmUp<Q, R> warmth;

	private final Scaler<Q, R> sizer;

	private final Maintenance<Q, R> upkeep;

	private final Dispatcher<Q, R> dispatcher;

	private final OutlierDetector<Q, R> outliers;

	private final Backpressure<Q, R> pauses;

	private final LeakDetector<Q, R> leaks;

	private final ScalingWarning<Q, R> scalingWarning;

	private final PoolTimer<Q, R> alarm;

	private boolean closed;

	PoolState(String name, PoolSettings settings, MemberRegistry<Q, R> roster, EventRecorder<Q, R> journal,
			RandomGenerator random, long now) {
		this.name = name;
		this.settings = settings;
		this.roster = roster;
		this.journal = journal;
		this.creations = new Creations<>(settings, journal);
		this.waitQueue = new WaitQueue<>(name, settings, roster, journal, this.creations);
		this.demand = new DemandTracker<>(settings, roster, this.waitQueue, now);
		this.retirement = new Retirement<>(roster, journal, settings);
		this.warmth = new WarmUp<>(settings, roster);
		this.sizer = new Scaler<>(settings, roster, this.demand, this.retirement, journal, this.creations, now);
		this.upkeep = new Maintenance<>(settings, roster, this.demand, this.retirement, this.sizer, this.creations,
				random);
		this.leaks = new LeakDetector<>(settings, roster, journal, now);
		this.scalingWarning = new ScalingWarning<>(name, settings, journal);
		this.alarm = new PoolTimer<>(journal);
		this.dispatcher = new Dispatcher<>(roster, this.waitQueue, this.retirement, this.warmth, this.sizer,
				this.creations, journal);
		this.outliers = new OutlierDetector<>(settings, roster, this.waitQueue, this.dispatcher, journal);
		this.pauses = new Backpressure<>(roster, this.dispatcher, journal);
	}

	ReadySet<Member<Q, R>> readySet() {
		return this.roster.ready();
	}

	SampleBudget readies() {
		return this.sizer.readies();
	}

	Dispatcher<Q, R> dispatcher() {
		return this.dispatcher;
	}

	OutlierDetector<Q, R> outliers() {
		return this.outliers;
	}

	Backpressure<Q, R> pauses() {
		return this.pauses;
	}

	/** Begin to take in an event. */
	void enter(long now) {
		this.sizer.foldReadySamples(now);
		if (this.roster.allocator().endBackoffs(now)) {
			this.waitQueue.askAgain();
		}
	}

	/** Having taken in an event, do what follows from the new state whatever it was. */
	List<Effect<Q, R>> exit(long now) {
		this.pauses.tend(now);
		this.outliers.tend(now);
		this.warmth.overdue(now).forEach((member) -> this.dispatcher.warmed(member, now));
		if (this.waitQueue.unsampled() > 0 && isNothingPromised(this.waitQueue.waiting(), now)) {
			this.waitQueue.sample(this.sizer, now);
		}
		this.upkeep.tend(now);
		this.outliers.tend(now);
		this.warmth.tend(now);
		this.leaks.tend(now);
		if (this.upkeep.isHopeless()) {
			this.waitQueue.rejectAll(Rejection.Reason.NO_SERVICE, NO_SERVICE);
		}
		this.sizer.allowReadies();
		this.alarm.set(nanosToNextDeadline(now), now);
		return this.journal.collectEffects();
	}

	/** Whether callers who find nothing ready are to be taken for load. */
	private boolean isNothingPromised(int waiting, long now) {
		return this.roster.beingPolled() == 0 && !this.warmth.promisesAll(waiting, now)
				&& !this.roster.suspended().wouldFit(waiting);
	}

	void start() {
		if (!this.closed) {
			this.upkeep.start();
		}
	}

	/**
	 * A caller has found no service ready.
	 * @param mayWait whether the caller may join the queue; if not, it is left unsettled
	 * @return whether the caller should look again, since a service is ready after all
	 */
	boolean arrive(Waiter<Q, R> waiter, boolean mayWait, long now) {
		if (this.closed) {
			waiter.reject(this.waitQueue.rejection(Rejection.Reason.CLOSED, CLOSED));
			return false;
		}
		this.upkeep.start();
		this.roster.removeFullOnes();
		if (this.roster.ready().size() > 0) {
			return true;
		}
		boolean rejected = mayWait && this.waitQueue.rejectsIfFull(waiter);
		if (!rejected) {
			// What the full queue adds up to was seen when its last place was taken.
			this.demand.arrived(now);
		}
		waiter.sampled = waiter.again || isNothingPromised(this.waitQueue.waiting() + 1, now);
		if (waiter.sampled && !waiter.again) {
			this.sizer.pending(now);
		}
		if (mayWait) {
			this.waitQueue.join(waiter);
		}
		return false;
	}

	/**
	 * A request has failed through the fault of its service, and gives back its place.
	 * @param probe whether it was to try an ejected service
	 */
	void failed(Member<Q, R> member, Failure failure, boolean probe, long now) {
		this.outliers.failed(member, failure, probe, now);
		member.failed.getAndIncrement();
		if (!member.permits.tryRelease()) {
			this.dispatcher.released(member, now);
		}
	}

	/** A caller's time is up. Does nothing if it has been settled meanwhile. */
	void giveUp(Waiter<Q, R> waiter, long now) {
		if (waiter.isSettled()) {
			return;
		}
		this.waitQueue.remove(waiter);
		if (this.upkeep.isHopeless()) {
			waiter.reject(this.waitQueue.rejection(Rejection.Reason.NO_SERVICE, NO_SERVICE));
		}
		else {
			this.waitQueue.timeOut(waiter, now);
		}
	}

	/** A caller goes away. If it has been granted a member, it has to give that back. */
	void withdraw(Waiter<Q, R> waiter) {
		this.waitQueue.remove(waiter);
	}

	/**
	 * A service was made and polled for the first time.
	 * @return whether it is wanted: not if it comes late
	 */
	boolean created(CreationAttempt attempt, Member<Q, R> member, Readiness readiness, long now) {
		if (!this.creations.succeeded(attempt)) {
			return false;
		}
		this.upkeep.joins(member, now);
		this.warmth.joins(member);
		this.roster.join(member);
		this.roster.allocator().attempted(attempt.target, true, now);
		this.sizer.created(now);
		boolean pending = readiness == Readiness.PENDING;
		this.journal.event(Type.CREATED, attempt.message, member);
		this.journal.event(Type.JOINED, "for " + member.target.name() + (pending ? ", pending" : ", ready"), member);
		this.scalingWarning.created(readiness);
		this.dispatcher.join(member, readiness, now);
		this.upkeep.joined(member);
		this.waitQueue.askAgain();
		return true;
	}

	void creationFailed(CreationAttempt attempt, Failure failure, long now) {
		if (this.creations.failed(attempt, failure)) {
			afterFailure(attempt, failure, now);
		}
	}

	private void afterFailure(CreationAttempt attempt, @Nullable Failure failure, long now) {
		this.roster.allocator().attempted(attempt.target, false, now);
		this.sizer.creationEnded();
		this.upkeep.creationFailed();
		this.journal.event(Type.CREATION_FAILED, "for " + attempt.target.name() + ": " + failure);
		this.waitQueue.askAgain();
	}

	/** Have other targets from now on, at least one. Services of those that go, drain. */
	void retarget(List<Target> targets, long now) {
		if (this.closed || !this.roster.allocator().retarget(targets)) {
			return;
		}
		this.journal.event(Type.TARGETS_CHANGED,
				targets.stream().map(Target::name).collect(Collectors.joining(", ", "services are made for ", "")));
		if (this.creations.abandonUnless(this.roster.allocator()::hasTarget)) {
			this.sizer.creationEnded();
			this.waitQueue.askAgain();
		}
		this.upkeep.retargeted();
		for (Member<Q, R> member : List.copyOf(this.roster.live())) {
			if (!this.roster.allocator().hasTarget(member.target)) {
				this.retirement.retire(member, Reason.TARGET_REMOVED, "its target has gone", now);
			}
		}
	}

	/** A service has closed. */
	void closed(Member<Q, R> member) {
		this.retirement.closed(member);
		this.sizer.slotFreed();
	}

	/** Some time has passed. */
	void tick(long now) {
		this.alarm.rang(now);
		this.retirement.abandonOverdueCloses(now);
		CreationAttempt slow = this.creations.abandonIfOverdue(now);
		if (slow != null) {
			afterFailure(slow, this.creations.lastFailure(), now);
		}
	}

	/** Return how long until something is due, in nanoseconds. */
	private long nanosToNextDeadline(long now) {
		long left = this.upkeep.nanosToNextDeadline(now);
		left = Math.min(left, this.creations.nanosToNextDeadline(now));
		left = Math.min(left, this.roster.allocator().nanosToBackoffEnd(now));
		left = Math.min(left, this.outliers.nanosToNextDeadline(now));
		left = Math.min(left, this.pauses.nanosToNextDeadline(now));
		left = Math.min(left, this.retirement.nanosToNextDeadline(now));
		left = Math.min(left, this.warmth.nanosToNextDeadline(now));
		return Math.min(left, this.leaks.nanosToNextDeadline(now));
	}

	/**
	 * Retire all services there are.
	 * @return those that leave, earlier ones included
	 */
	List<Member<Q, R>> drain(long now) {
		this.upkeep.stop();
		this.retirement.retireAll(Reason.POOL_DRAINED, "the pool is drained", now);
		if (this.waitQueue.waiting() > 0) {
			this.upkeep.start();
		}
		return List.copyOf(this.roster.retired());
	}

	/**
	 * Turn away all callers and retire all services, for good.
	 * @return those that leave, earlier ones included
	 */
	List<Member<Q, R>> close(long now) {
		this.closed = true;
		this.upkeep.close();
		this.waitQueue.rejectAll(Rejection.Reason.CLOSED, CLOSED);
		this.retirement.retireAll(Reason.POOL_CLOSED, "the pool is closed", now);
		return List.copyOf(this.roster.retired());
	}

	/** Close what has not drained in time. */
	void cut(long now) {
		this.retirement.cut(now);
	}

	List<Member<Q, R>> members() {
		return this.roster.all();
	}

	boolean isRetired(Member<Q, R> member) {
		return this.roster.retired().contains(member);
	}

	/** Whether a service could serve a call now, possibly after a wait. */
	private boolean isAvailable() {
		boolean empty = this.roster.live().isEmpty();
		return !this.closed && (empty ? this.creations.lastFailure() == null : this.roster.suspended().others() > 0);
	}

	PoolSnapshot snapshot(Map<Member<Q, R>, Member.Observed> observed, long now) {
		List<Member<Q, R>> all = this.roster.all();
		List<PoolSnapshot.ServiceSnapshot> members = all.stream()
			.map((member) -> member.snapshot(now, observed.getOrDefault(member, Member.Observed.NOTHING)))
			.toList();
		return new PoolSnapshot(this.name, this.sizer.estimate().level(), this.sizer.estimate().value(),
				this.roster.inFlight(), this.waitQueue.waiting(), isAvailable(),
				this.roster.size(this.creations.inProgress()), this.waitQueue.calls(),
				this.creations.snapshot(this.roster.counters()), this.outliers.ejections(), this.demand.snapshot(now),
				this.settings, this.journal.log().lastDecision(), members, this.journal.log().events());
	}

}
