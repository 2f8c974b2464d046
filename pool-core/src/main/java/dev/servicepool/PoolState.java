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

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	private final Creations<Q, R> creations;

	private final WaitQueue<Q, R> waitQueue;

	private final DemandTracker<Q, R> demand;

	private final Retirement<Q, R> retirement;

	private final WarmUp<Q, R> warmUp;

	private final Scaler<Q, R> scaler;

	private final Maintenance<Q, R> maintenance;

	private final Dispatcher<Q, R> dispatcher;

	private final OutlierDetector<Q, R> outlierDetector;

	private final Backpressure<Q, R> backpressure;

	private final LeakDetector<Q, R> leaks;

	private final ScalingWarning<Q, R> scalingWarning;

	private final PoolTimer<Q, R> timer;

	private boolean closed;

	PoolState(String name, PoolSettings settings, MemberRegistry<Q, R> registry, EventRecorder<Q, R> recorder,
			RandomGenerator random, long now) {
		this.name = name;
		this.settings = settings;
		this.registry = registry;
		this.recorder = recorder;
		this.creations = new Creations<>(settings, recorder);
		this.waitQueue = new WaitQueue<>(name, settings, registry, recorder, this.creations);
		this.demand = new DemandTracker<>(settings, registry, this.waitQueue, now);
		this.retirement = new Retirement<>(registry, recorder, settings);
		this.warmUp = new WarmUp<>(settings, registry);
		this.scaler = new Scaler<>(settings, registry, this.demand, this.retirement, recorder, this.creations, now);
		this.maintenance = new Maintenance<>(settings, registry, this.demand, this.retirement, this.scaler,
				this.creations, random);
		this.leaks = new LeakDetector<>(settings, registry, recorder, now);
		this.scalingWarning = new ScalingWarning<>(name, settings, recorder);
		this.timer = new PoolTimer<>(recorder);
		this.dispatcher = new Dispatcher<>(registry, this.waitQueue, this.retirement, this.warmUp, this.scaler,
				this.creations, recorder);
		this.outlierDetector = new OutlierDetector<>(settings, registry, this.waitQueue, this.dispatcher, recorder);
		this.backpressure = new Backpressure<>(registry, this.dispatcher, recorder);
	}

	String name() {
		return this.name;
	}

	ReadySet<Member<Q, R>> readySet() {
		return this.registry.ready();
	}

	SampleBudget sampleBudget() {
		return this.scaler.sampleBudget();
	}

	Dispatcher<Q, R> dispatcher() {
		return this.dispatcher;
	}

	OutlierDetector<Q, R> outlierDetector() {
		return this.outlierDetector;
	}

	Backpressure<Q, R> backpressure() {
		return this.backpressure;
	}

	/** Begin to take in an event. */
	void enter(long now) {
		this.scaler.foldReadySamples(now);
		if (this.registry.allocator().endBackoffs(now)) {
			this.waitQueue.askAgain();
		}
	}

	/** Having taken in an event, do what follows from the new state whatever it was. */
	List<Effect<Q, R>> exit(long now) {
		this.backpressure.run(now);
		this.outlierDetector.run(now);
		this.warmUp.overdue(now).forEach((member) -> this.dispatcher.warmed(member, now));
		if (this.waitQueue.unsampled() > 0) {
			this.warmUp.noticeFirstRequests(now);
		}
		if (this.waitQueue.unsampled() > 0 && isNothingPromised(this.waitQueue.waiting())) {
			this.waitQueue.sample(this.scaler, now);
		}
		this.maintenance.run(now);
		this.outlierDetector.run(now);
		this.warmUp.run(now);
		this.leaks.run(now);
		if (this.maintenance.isHopeless()) {
			this.waitQueue.rejectAll(Rejection.Reason.NO_SERVICE, NO_SERVICE);
		}
		this.scaler.allowReadies();
		this.timer.set(nanosToNextDeadline(now), now);
		return this.recorder.collectEffects();
	}

	/** Whether callers who find nothing ready are to be taken for load. */
	private boolean isNothingPromised(int waiting) {
		return this.registry.beingPolled() == 0 && !this.warmUp.promisesAll(waiting)
				&& !this.registry.suspended().wouldFit(waiting);
	}

	void start() {
		if (!this.closed) {
			this.maintenance.start();
		}
	}

	/**
	 * Reject a caller if the pool is closed.
	 * @return whether it is closed
	 */
	boolean rejectIfClosed(Waiter<Q, R> waiter) {
		if (this.closed) {
			waiter.reject(this.waitQueue.rejection(Rejection.Reason.CLOSED, CLOSED));
		}
		return this.closed;
	}

	/**
	 * A caller has found no service ready.
	 * @param mayWait whether the caller may join the queue; if not, it is left unsettled
	 * @return whether the caller should look again, since a service is ready after all
	 */
	boolean arrive(Waiter<Q, R> waiter, boolean mayWait, long now) {
		if (rejectIfClosed(waiter)) {
			return false;
		}
		this.maintenance.start();
		this.registry.removeFullOnes();
		if (this.registry.ready().size() > 0) {
			return true;
		}
		boolean rejected = mayWait && this.waitQueue.rejectsIfFull(waiter);
		if (!rejected) {
			// What the full queue adds up to was seen when its last place was taken.
			this.demand.arrived(now);
		}
		this.warmUp.noticeFirstRequests(now);
		waiter.sampled = waiter.again || isNothingPromised(this.waitQueue.waiting() + 1);
		if (waiter.sampled && !waiter.again) {
			this.scaler.pending(now);
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
		this.outlierDetector.failed(member, failure, probe, now);
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
		if (this.maintenance.isHopeless()) {
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
		this.maintenance.joins(member, now);
		this.warmUp.joins(member);
		this.registry.join(member);
		this.registry.allocator().attempted(attempt.target, true, now);
		this.scaler.created(now);
		boolean pending = readiness == Readiness.PENDING;
		this.recorder.event(Type.CREATED, attempt.message, member);
		this.recorder.event(Type.JOINED, "for " + member.target.name() + (pending ? ", pending" : ", ready"), member);
		this.scalingWarning.created(readiness);
		this.dispatcher.join(member, readiness, now);
		this.maintenance.joined(member);
		this.waitQueue.askAgain();
		return true;
	}

	void creationFailed(CreationAttempt attempt, Failure failure, long now) {
		if (this.creations.failed(attempt, failure)) {
			afterFailure(attempt, failure, now);
		}
	}

	private void afterFailure(CreationAttempt attempt, @Nullable Failure failure, long now) {
		this.registry.allocator().attempted(attempt.target, false, now);
		this.scaler.creationEnded();
		this.maintenance.creationFailed();
		this.recorder.event(Type.CREATION_FAILED, "for " + attempt.target.name() + ": " + failure);
		this.waitQueue.askAgain();
	}

	/** Have other targets from now on, at least one. Services of those that go, drain. */
	void retarget(List<Target> targets, long now) {
		if (this.closed || !this.registry.allocator().retarget(targets)) {
			return;
		}
		this.recorder.event(Type.TARGETS_CHANGED,
				targets.stream().map(Target::name).collect(Collectors.joining(", ", "services are made for ", "")));
		if (this.creations.abandonUnless(this.registry.allocator()::hasTarget)) {
			this.scaler.creationEnded();
			this.waitQueue.askAgain();
		}
		this.maintenance.retargeted();
		for (Member<Q, R> member : List.copyOf(this.registry.live())) {
			if (!this.registry.allocator().hasTarget(member.target)) {
				this.retirement.retire(member, Reason.TARGET_REMOVED, "its target has gone", now);
			}
		}
	}

	/** A service has closed. */
	void closed(Member<Q, R> member) {
		this.retirement.closed(member);
		this.scaler.slotFreed();
	}

	/** Some time has passed. */
	void tick(long now) {
		this.timer.rang(now);
		this.retirement.abandonOverdueCloses(now);
		CreationAttempt slow = this.creations.abandonIfOverdue(now);
		if (slow != null) {
			afterFailure(slow, this.creations.lastFailure(), now);
		}
	}

	/** Return how long until something is due, in nanoseconds. */
	private long nanosToNextDeadline(long now) {
		long left = this.maintenance.nanosToNextDeadline(now);
		left = Math.min(left, this.creations.nanosToNextDeadline(now));
		left = Math.min(left, this.registry.allocator().nanosToBackoffEnd(now));
		left = Math.min(left, this.outlierDetector.nanosToNextDeadline(now));
		left = Math.min(left, this.backpressure.nanosToNextDeadline(now));
		left = Math.min(left, this.retirement.nanosToNextDeadline(now));
		left = Math.min(left, this.warmUp.nanosToNextDeadline(now));
		return Math.min(left, this.leaks.nanosToNextDeadline(now));
	}

	/**
	 * Retire all services there are.
	 * @return those that leave, earlier ones included
	 */
	List<Member<Q, R>> drain(long now) {
		this.maintenance.stop();
		this.retirement.retireAll(Reason.POOL_DRAINED, "the pool is drained", now);
		if (this.waitQueue.waiting() > 0) {
			this.maintenance.start();
		}
		return List.copyOf(this.registry.retired());
	}

	/**
	 * Turn away all callers and retire all services, for good.
	 * @return those that leave, earlier ones included
	 */
	List<Member<Q, R>> close(long now) {
		this.closed = true;
		this.maintenance.close();
		this.waitQueue.rejectAll(Rejection.Reason.CLOSED, CLOSED);
		this.retirement.retireAll(Reason.POOL_CLOSED, "the pool is closed", now);
		return List.copyOf(this.registry.retired());
	}

	/** Close what has not drained in time. */
	void cut(long now) {
		this.retirement.cut(now);
	}

	List<Member<Q, R>> members() {
		return this.registry.all();
	}

	boolean isRetired(Member<Q, R> member) {
		return this.registry.retired().contains(member);
	}

	/** Whether a service could serve a call now, possibly after a wait. */
	private boolean isAvailable() {
		boolean empty = this.registry.live().isEmpty();
		return !this.closed && (empty ? this.creations.lastFailure() == null : this.registry.suspended().others() > 0);
	}

	PoolSnapshot snapshot(Map<Member<Q, R>, Member.Observed> observed, long now) {
		List<Member<Q, R>> all = this.registry.all();
		List<PoolSnapshot.ServiceSnapshot> members = all.stream()
			.map((member) -> member.snapshot(now, observed.getOrDefault(member, Member.Observed.NOTHING)))
			.toList();
		return new PoolSnapshot(this.name, this.scaler.estimate().level(), this.scaler.estimate().value(),
				this.registry.inFlight(), this.waitQueue.waiting(), isAvailable(),
				this.registry.size(this.creations.inProgress()), this.waitQueue.calls(),
				this.creations.snapshot(this.registry.counters()), this.outlierDetector.ejections(),
				this.demand.snapshot(now), this.settings, this.recorder.log().lastDecision(), members,
				this.recorder.log().events());
	}

}
