package dev.servicepool.internal;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import dev.servicepool.internal.outlier.Responsiveness.LostRequest;
import dev.servicepool.internal.permit.SampleBudget;
import dev.servicepool.internal.util.Failure;
import dev.servicepool.internal.util.Figures;
import dev.servicepool.Outcome;
import dev.servicepool.PoolBounds;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Readiness;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.internal.balance.ReadySet;
import org.jspecify.annotations.Nullable;

/**
 * State and decisions of one pool. Each event arrives with its time, and the resulting
 * actions are recorded in the {@link EventRecorder}. Single-threaded: guarded by the
 * lock. Calls no service, factory, metric or listener.
 * <p>
 * One invariant is true between two events: while a caller waits that accepts any
 * service, the ready set is empty and every service is closed. Each released permit is
 * therefore released under the lock, and is granted to the first caller in the wait queue
 * that accepts the service. A caller whose request is sent again may accept only some
 * services, and waits while others are ready.
 */
final class PoolState<Q, R> {

	private static final String CLOSED = "pool is closed";

	private static final String UNTIL_RESTART = ", until the restart; ";

	private final String name;

	private final PoolSettings settings;

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	private final CreationTracker<Q, R> creations;

	private final WaitQueue<Q, R> waitQueue;

	private final DemandTracker<Q, R> demand;

	private final Retirement<Q, R> retirement;

	private final WarmUp<Q, R> warmUp;

	private final Scaler<Q, R> scaler;

	private final Maintenance<Q, R> maintenance;

	private final Replacements<Q, R> replacements;

	private final Dispatcher<Q, R> dispatcher;

	private final OutlierDetector<Q, R> outlierDetector;

	private final Backpressure<Q, R> backpressure;

	private final OutageDetector<Q, R> outageDetector;

	private final LeakDetector<Q, R> leaks;

	private final ScalingWarning<Q, R> scalingWarning;

	private final KeepAliveHint<Q, R> keepAliveHint;

	private final PoolTimer<Q, R> timer;

	/**
	 * The work after each event, in order. First, suspensions end, so that callers are
	 * served before they count as load. Then the size changes, which may free outliers to
	 * be readmitted. Callers are rejected only if nothing of this can serve them.
	 */
	private final List<MaintenanceTask> tasks;

	private final Retries<Q, R> retries;

	private final UsualLatency<Q, R> usualLatency;

	private boolean closed;

	PoolState(String name, PoolSettings settings, boolean timed, MemberRegistry<Q, R> registry,
			EventRecorder<Q, R> recorder, RandomGenerator random, long now) {
		this.name = name;
		this.settings = settings;
		this.registry = registry;
		this.recorder = recorder;
		this.creations = new CreationTracker<>(settings, registry, recorder);
		this.retries = new Retries<>(settings.retry().budget(), registry, recorder, now);
		this.usualLatency = new UsualLatency<>(registry.ready(), random);
		this.outageDetector = new OutageDetector<>(registry, recorder);
		this.waitQueue = new WaitQueue<>(settings, registry, recorder, this.creations, this.outageDetector);
		this.demand = new DemandTracker<>(settings, registry, this.waitQueue, now);
		this.retirement = new Retirement<>(name, registry, recorder, settings);
		this.warmUp = new WarmUp<>(settings, registry);
		this.scaler = new Scaler<>(settings, registry, this.demand, this.retirement, recorder, this.creations, now);
		this.maintenance = new Maintenance<>(settings, registry, this.demand, this.retirement, this.scaler,
				this.creations, random);
		this.replacements = new Replacements<>(settings, timed, registry, this.retirement, this.creations,
				this.maintenance, random, now);
		this.leaks = new LeakDetector<>(name, settings, registry, recorder, now);
		this.scalingWarning = new ScalingWarning<>(name, registry.bounds(), recorder);
		this.keepAliveHint = new KeepAliveHint<>(name, recorder);
		this.timer = new PoolTimer<>(recorder);
		this.dispatcher = new Dispatcher<>(registry, this.waitQueue, this.retirement, this.warmUp, this.scaler,
				this.creations, recorder);
		this.outlierDetector = new OutlierDetector<>(settings, registry, this.dispatcher, recorder);
		this.backpressure = new Backpressure<>(registry, this.dispatcher, recorder);
		this.tasks = List.of(this.backpressure, this.outlierDetector, this::admitToOverdue, this::sampleWaiting,
				this.replacements, this.maintenance, this.outlierDetector, this.backpressure, this.warmUp,
				new OpenConnections<>(settings, registry, now), this.leaks, this::rejectWithoutService, this.waitQueue,
				this.outageDetector, this.retries, this.scaler);
	}

	/** Return the budget of ready samples. Any thread. */
	SampleBudget sampleBudget() {
		return this.scaler.sampleBudget();
	}

	/** Return the services that are ready. Any thread may read the set. */
	ReadySet<Member<Q, R>> readySet() {
		return this.registry.ready();
	}

	/** Return whether a response may let a waiting caller use a service. Any thread. */
	boolean isResponseAwaited() {
		return this.waitQueue.hasConditions();
	}

	/** Return whether the load metric measures times. Any thread. */
	boolean isLoadTimed() {
		return this.settings.loadMetric().timed();
	}

	/** Return the current settings. Any thread. */
	PoolSettings settings() {
		return this.registry.bounds().settings();
	}

	/** Return the usual latency of responses. Any thread may read it. */
	UsualLatency<Q, R> usualLatency() {
		return this.usualLatency;
	}

	/** Prepare the state for an event. */
	void enter(long now) {
		this.scaler.addReadySamples(now);
		if (this.registry.allocator().endBackoffs(now)) {
			this.waitQueue.markUnsampled();
		}
	}

	/** Perform the work that follows from the new state, whatever the event was. */
	List<Effect<Q, R>> exit(long now) {
		for (MaintenanceTask task : this.tasks) {
			task.run(now);
		}
		long left = nanosToDeadline(now);
		for (MaintenanceTask task : this.tasks) {
			left = Math.min(left, task.nanosToNextRun(now));
		}
		this.timer.set(left, now);
		return this.recorder.collectEffects();
	}

	/** Return the time until the timer has something to end, in nanoseconds. */
	private long nanosToDeadline(long now) {
		long left = Math.min(this.creations.nanosToDeadline(now), this.retirement.nanosToDeadline(now));
		return Math.min(left, this.registry.targets().nanosToBackoffEnd(now));
	}

	/** Serve callers by cold services whose connection should be established by now. */
	private void admitToOverdue(long now) {
		List<Member<Q, R>> overdue = this.warmUp.overdue(now);
		overdue.forEach((member) -> member.reconnecting(false));
		this.dispatcher.servePassedOver();
		overdue.forEach((member) -> this.dispatcher.warmed(member, now));
	}

	/** Sample the callers that found no service ready, in FIFO order. */
	private void sampleWaiting(long now) {
		if (this.waitQueue.unsampled() > 0) {
			this.warmUp.noticeFirstRequests(now);
			if (countsAsLoad(this.waitQueue.waiting())) {
				for (int left = this.waitQueue.markSampled(); left > 0; left--) {
					this.scaler.pending(now);
				}
			}
		}
	}

	private void rejectWithoutService(long now) {
		if (this.maintenance.hasNoServiceUntilBackoffEnds(now)) {
			this.waitQueue.rejectWithoutService(now);
		}
	}

	/**
	 * Return whether callers that find no service ready indicate load. Callers do not
	 * indicate load if services that are being polled, warming up or suspended could
	 * serve the callers. Suspended services do not matter if other targets can serve the
	 * callers instead.
	 */
	private boolean countsAsLoad(int waiting) {
		return this.registry.beingPolled() == 0 && !this.warmUp.willServeAll(waiting)
				&& (!this.registry.suspended().wouldFit(waiting) || this.registry.hasReserve());
	}

	void start() {
		if (!this.closed) {
			this.maintenance.start();
		}
	}

	/**
	 * Reject a caller if the pool is closed.
	 * @return whether the pool is closed
	 */
	boolean rejectIfClosed(Waiter<Q, R> waiter) {
		if (this.closed) {
			waiter.reject(this.waitQueue.rejection(Rejection.Reason.CLOSED, CLOSED));
		}
		return this.closed;
	}

	/**
	 * Handle a caller that found no service ready.
	 * @param mayWait whether the caller may join the wait queue; if not, it is not
	 * settled
	 * @return whether the caller should try again because a service has become ready
	 */
	boolean arrive(Waiter<Q, R> waiter, boolean mayWait, long now) {
		if (rejectIfClosed(waiter)) {
			return false;
		}
		this.maintenance.start();
		this.registry.removeFull();
		if (this.registry.isReadyFor(waiter)) {
			return true;
		}
		boolean rejected = mayWait && this.waitQueue.isFullFor(waiter);
		if (!rejected) {
			// The demand of a full wait queue was recorded when its last caller joined.
			this.demand.arrived(now);
		}
		this.warmUp.noticeFirstRequests(now);
		waiter.sampled = waiter.again || countsAsLoad(this.waitQueue.waiting() + 1);
		if (waiter.sampled && !waiter.again) {
			this.scaler.pending(now);
		}
		if (mayWait) {
			this.waitQueue.join(waiter, now);
			this.outlierDetector.joined(waiter, now);
		}
		return false;
	}

	/**
	 * Lease that ends by a failure.
	 *
	 * @param startedAt the time at which the lease began, 0 if unknown
	 * @param probe whether the request is a probe of an ejected service
	 * @param again whether the request is sent again, so that its call has not failed
	 * @param responded whether its response had begun
	 * @param connectionShared whether its service has only one connection
	 */
	record FailedLease(long startedAt, boolean probe, boolean again, boolean responded, boolean connectionShared) {

		LostRequest asLost() {
			return new LostRequest(this.startedAt, this.responded, this.connectionShared);
		}

	}

	/**
	 * Handle a service failure, and release the permit of the request.
	 */
	void failed(Member<Q, R> member, Failure failure, Outcome outcome, FailedLease lease, long now) {
		if (!lease.again()) {
			this.outageDetector.failed(failure.toString(), now);
		}
		boolean lost = outcome == Outcome.CONNECTION_LOST;
		if (lease.connectionShared() && (lost || outcome == Outcome.NOT_SENT)) {
			member.responsiveness.connectionEnded(now);
		}
		if (member.responsiveness.isAfterLoss(lease.startedAt())) {
			connectionFailed(member, lost && lease.connectionShared());
		}
		if (outcome == Outcome.BROKEN) {
			this.replacements.broken(member, "broken: " + failure, now);
		}
		else if (!lost || member.responsiveness.lostAgain(lease.asLost(), member.outcomes.successes(), now)) {
			this.outlierDetector.failed(member, failure, lease.probe(), now);
		}
		else if (lease.probe()) {
			this.outlierDetector.probed(member, false, now);
		}
		if (outcome == Outcome.NO_RESPONSE) {
			this.replacements.suspect(member, "a request received no response", lease.startedAt());
		}
		if (!lease.again()) {
			member.outcomes.countFailure();
		}
		else if (outcome == Outcome.NOT_SENT) {
			member.outcomes.countUnsent();
		}
		else {
			member.outcomes.countUnknown();
		}
		released(member, now);
		this.dispatcher.pollIfReady(member);
	}

	/**
	 * Handle a failed request over the current connection of a service.
	 * @param lost whether the service has lost its only connection
	 */
	private void connectionFailed(Member<Q, R> member, boolean lost) {
		boolean again = member.isReconnecting();
		if (lost && member.isLive()) {
			this.warmUp.reconnects(member);
			this.keepAliveHint.connectionEnded(member.target, member.endConnection());
		}
		if (again) {
			member.reconnecting(false);
		}
	}

	/** Return whether any target meets a condition. */
	boolean hasTarget(Predicate<? super Target> wanted) {
		return this.registry.targets().anyMatch(wanted);
	}

	/** See {@link LeaseEvents#allowsRepetition}. */
	boolean allowsRepetition(Outcome outcome, Predicate<? super Target> preferred, long now) {
		return switch (outcome) {
			case NOT_SENT -> this.registry.targets().anyMatch(preferred);
			case BROKEN -> true;
			default -> this.retries.tryTake(now);
		};
	}

	/** Return whether one more attempt of a request is within the budget. */
	boolean takeRetry(long now) {
		return this.retries.tryTake(now);
	}

	/** Return an attempt to the budget that is not sent. */
	void putRetryBack() {
		this.retries.putBack();
	}

	/** Return whether a second attempt beside the first one is within the budget. */
	boolean takeHedge(long now) {
		return this.retries.tryTakeHedge(now);
	}

	/** Return such an attempt to the budget that is not sent. */
	void putHedgeBack() {
		this.retries.putHedgeBack();
	}

	/** Record that such an attempt has received the response of the call. */
	void hedgeWon() {
		this.retries.hedgeWon();
	}

	/** Time out a caller, unless it is settled. */
	void giveUp(Waiter<Q, R> waiter, long now) {
		if (waiter.isSettled()) {
			return;
		}
		this.waitQueue.remove(waiter);
		if (this.maintenance.hasNoServiceUntilBackoffEnds(now)) {
			this.waitQueue.rejectWithoutService(waiter, now);
		}
		else {
			this.waitQueue.timeOut(waiter, now);
		}
	}

	/**
	 * Remove a caller that stops waiting, and release the permit it may have been
	 * granted.
	 */
	void abandon(Waiter<Q, R> waiter, long now) {
		this.waitQueue.remove(waiter);
		Member<Q, R> granted = waiter.granted();
		if (granted != null) {
			granted.outcomes.countUnknown();
			if (waiter.probe) {
				probed(granted, false, now);
			}
			released(granted, now);
		}
	}

	/** Return the result of {@link Dispatcher#acquireAgain}. */
	boolean acquireAgain(Waiter<Q, R> waiter, Member<Q, R> member) {
		return this.dispatcher.acquireAgain(waiter, member);
	}

	/** See {@link Dispatcher#acquireProbe}. */
	void acquireProbe(Waiter<Q, R> waiter, Member<Q, R> member, long now) {
		this.dispatcher.acquireProbe(waiter, member, now);
	}

	/** See {@link Dispatcher#reserve}. */
	boolean reserve(Member<Q, R> member) {
		return this.dispatcher.reserve(member);
	}

	/** See {@link Dispatcher#polled}. */
	void polled(Member<Q, R> member, Readiness readiness, @Nullable Waiter<Q, R> caller, long now) {
		this.dispatcher.polled(member, readiness, caller, now);
	}

	/** Handle a service whose poll failed. */
	void pollFailed(Member<Q, R> member, Failure failure, long now) {
		boolean live = member.isLive();
		this.dispatcher.pollFailed(member, failure, now);
		if (live) {
			this.maintenance.replaceFailed(member);
		}
	}

	/** Handle a wake-up: the service may have become ready. */
	void wokeUp(Member<Q, R> member, long now) {
		this.dispatcher.wokeUp(member, now);
	}

	/** Release the permit of a request. */
	void released(Member<Q, R> member, long now) {
		if (!member.permits.tryRelease()) {
			this.dispatcher.released(member, now);
		}
	}

	/** Handle a request that the service refused, and release its permit. */
	void refused(Member<Q, R> member, long now) {
		int others = member.permits.inFlight() - 1;
		if (others == 0) {
			this.replacements.refusedAlone(member, now);
		}
		this.dispatcher.refused(member, others, now);
	}

	/**
	 * Handle the first response of a cold service, unless its request was sent over a
	 * connection that was lost since. After an error, the service stays cold while other
	 * targets are being connected. If it responded sooner than they can, it would
	 * otherwise receive all calls.
	 */
	void warmed(Member<Q, R> member, long startedAt, boolean error, long now) {
		if (member.responsiveness.isAfterLoss(startedAt) && !(error && this.warmUp.isConnectingOther(member))) {
			this.dispatcher.warmed(member, now);
			if (!error) {
				member.suspension.ejection.probationEnds();
			}
		}
	}

	/** Record that requests in flight occupy more permits, or fewer if negative. */
	void occupied(Member<Q, R> member, int permits, long now) {
		this.dispatcher.occupied(member, permits, now);
	}

	/** Pause a service because its server asked for a pause. */
	void pause(Member<Q, R> member, long nanos, long now) {
		this.backpressure.pause(member, nanos, now);
	}

	/** Handle a probe that did not fail. */
	void probed(Member<Q, R> member, boolean responded, long now) {
		this.outlierDetector.probed(member, responded, now);
	}

	/**
	 * Handle a service that was created and polled once.
	 * @return whether the pool needs the service; {@code false} if it was created too
	 * late
	 */
	boolean created(CreationAttempt attempt, Member<Q, R> member, Readiness readiness, long now) {
		if (!this.creations.succeeded(attempt)) {
			return false;
		}
		this.maintenance.setExpiry(member, now);
		member.limit.configure(this.registry.bounds().maxConcurrency());
		member.limit.startWith(this.registry.allocator().learnedLimit(member.target, now), now);
		this.warmUp.beforeJoin(member, now);
		this.replacements.beforeJoin(attempt, member, now);
		this.registry.join(member);
		this.registry.allocator().attempted(attempt.target, true, now);
		if (!attempt.replacement) {
			this.scaler.created(now);
		}
		this.recorder.event(Type.CREATED, attempt.message, member);
		this.recorder.event(Type.JOINED, description(member, readiness), member);
		this.scalingWarning.created(readiness);
		this.dispatcher.join(member, readiness, now);
		this.maintenance.joined(attempt, member);
		if (!attempt.replacement) {
			this.waitQueue.markUnsampled();
		}
		return true;
	}

	private String description(Member<Q, R> member, Readiness readiness) {
		return "for " + member.target.name() + ((readiness == Readiness.PENDING) ? ", pending" : ", ready")
				+ (member.limit.isLowered() ? ", with a concurrency limit of " + member.limit.learned()
						+ " that other services have learned" : "");
	}

	void creationFailed(CreationAttempt attempt, Failure failure, long now) {
		if (this.creations.failed(attempt, failure)) {
			afterFailure(attempt, failure, now);
		}
	}

	private void afterFailure(CreationAttempt attempt, @Nullable Failure failure, long now) {
		this.registry.allocator().attempted(attempt.target, false, now);
		this.recorder.event(Type.CREATION_FAILED, "for " + attempt.target.name() + ": " + failure);
		this.replacements.creationFailed(attempt, now);
		this.maintenance.creationFailed(attempt);
		if (!attempt.replacement) {
			this.scaler.creationEnded();
			this.waitQueue.markUnsampled();
		}
	}

	/** Set the targets, at least one. Services of removed targets drain. */
	void retarget(List<Target> targets, long now) {
		if (this.closed || !this.registry.allocator().retarget(targets)) {
			return;
		}
		List<String> drained = this.registry.targets().drained();
		this.recorder.event(Type.TARGETS_CHANGED,
				targets.stream()
					.map((target) -> target.name() + (drained.contains(target.name()) ? " (drained)" : ""))
					.collect(Collectors.joining(", ", Figures.count(targets.size(), "target") + ": ", "")));
		targetsChanged(Reason.TARGET_REMOVED, "was removed", now);
	}

	/** Drain a target. */
	void drainTarget(String target, String cause, long now) {
		if (!this.closed && this.registry.allocator().drain(target)) {
			this.recorder.event(Type.TARGET_DRAINED, target + UNTIL_RESTART + cause);
			targetsChanged(Reason.TARGET_DRAINED, "is drained", now);
		}
	}

	/** End the drain of a target. */
	void undrainTarget(String target, String cause, long now) {
		if (!this.closed && this.registry.allocator().undrain(target)) {
			this.recorder.event(Type.TARGET_UNDRAINED, target + "; " + cause);
			this.registry.retargeted();
			this.waitQueue.markUnsampled();
		}
	}

	private void targetsChanged(Reason reason, String what, long now) {
		if (this.creations.abandonUnless(this.registry.targets()::contains)) {
			this.scaler.creationEnded();
			this.waitQueue.markUnsampled();
		}
		this.replacements.retain(this.registry.targets()::contains);
		this.maintenance.retargeted();
		this.registry.retargeted();
		this.keepAliveHint.retain(this.registry.targets()::contains);
		for (Member<Q, R> member : List.copyOf(this.registry.live())) {
			if (!this.registry.targets().contains(member.target)) {
				this.retirement.retire(member, reason, "target " + member.target.name() + " " + what, now);
			}
		}
	}

	/** Change the bounds of the pool. */
	void changeBounds(PoolBounds change, String cause, long now) {
		Bounds bounds = this.registry.bounds();
		PoolSettings before = bounds.settings();
		PoolSettings after = before.withBounds(change);
		if (change.maxServices() != null) {
			this.registry.targets().check(change.maxServices());
		}
		int targets = this.registry.targets().all();
		String changes = changes(before, after, targets);
		if (this.closed || changes.isEmpty()) {
			return;
		}
		bounds.change(after);
		this.recorder.event(Type.BOUNDS_CHANGED, changes + UNTIL_RESTART + cause);
		if (!after.headroomWindow().equals(before.headroomWindow())) {
			this.scaler.windowChanged(now);
		}
		if (after.maxConcurrency() != before.maxConcurrency()) {
			// Waiting callers that are served may change the size.
			List.copyOf(this.registry.live())
				.forEach((member) -> this.dispatcher.configure(member, after.maxConcurrency(), now));
		}
		if (after.maxServices(targets) < before.maxServices(targets) && this.maintenance.boundsChanged(now)) {
			this.replacements.abandoned();
			this.scaler.creationEnded();
		}
		this.scaler.slotFreed();
		this.waitQueue.markUnsampled();
	}

	private static String changes(PoolSettings before, PoolSettings after, int targets) {
		return Stream
			.of(change("minServices", count(before.minServices()), count(after.minServices())),
					change("maxServices", count(before.maxServices(targets)), count(after.maxServices(targets))),
					change("maxConcurrency", count(before.maxConcurrency()), count(after.maxConcurrency())),
					change("headroomWindow", Figures.of(before.headroomWindow()), Figures.of(after.headroomWindow())))
			.filter((text) -> !text.isEmpty())
			.collect(Collectors.joining(", "));
	}

	private static String change(String setting, String before, String after) {
		return before.equals(after) ? "" : setting + " from " + before + " to " + after;
	}

	private static String count(int count) {
		return (count != PoolSettings.UNLIMITED) ? String.valueOf(count) : "unlimited";
	}

	/** Replace the services that exist now or are being created. */
	void replaceServices(String cause) {
		if (!this.closed) {
			this.maintenance.replaceAll(cause);
			this.recorder.event(Type.REPLACEMENT_BEGUN, cause);
		}
	}

	/**
	 * Replace the services, unless this is in progress.
	 * @return whether the replacement has begun
	 */
	boolean tryReplaceServices(String cause) {
		boolean begins = !this.closed && !this.maintenance.isReplacingAll();
		if (begins) {
			replaceServices(cause);
		}
		return begins;
	}

	/** Record that new services could not work. */
	void skipReplacement(String cause) {
		if (!this.closed) {
			this.recorder.event(Type.REPLACEMENT_SKIPPED, cause);
		}
	}

	/** Forget what the pool has learned about its servers from failures. */
	void reset(String cause, long now) {
		if (this.closed) {
			return;
		}
		int paused = this.backpressure.reset(now);
		int ejected = this.outlierDetector.reset(now);
		int lowered = 0;
		for (Member<Q, R> member : List.copyOf(this.registry.live())) {
			lowered += this.dispatcher.forgetLimit(member, now) ? 1 : 0;
		}
		this.replacements.forgetFailures();
		this.outageDetector.reset();
		if (this.registry.allocator().forgetFailures()) {
			this.waitQueue.markUnsampled();
		}
		this.recorder.event(Type.RESET, Figures.count(ejected, "ejection") + ", " + Figures.count(paused, "pause")
				+ " and " + Figures.count(lowered, "learned limit") + " ended; " + cause);
	}

	/** Handle the close of a service. */
	void closed(Member<Q, R> member) {
		this.retirement.closed(member);
		this.scaler.slotFreed();
	}

	/** Handle the elapsed timer. */
	void tick(long now) {
		this.timer.elapsed(now);
		this.demand.observe(now);
		this.retirement.abandonOverdueCloses(now);
		this.retirement.abandonOverdueDrains(now);
		CreationAttempt overdue = this.creations.abandonIfOverdue(now);
		if (overdue != null) {
			afterFailure(overdue, this.creations.lastFailure(), now);
		}
	}

	/**
	 * Retire all live services.
	 * @return all retired services, including earlier ones
	 */
	List<Member<Q, R>> drain(long now) {
		this.maintenance.stop();
		this.replacements.abandoned();
		this.retirement.retireAll(Reason.POOL_DRAINED, "Pool.drain retires all services", now);
		if (this.waitQueue.waiting() > 0) {
			this.maintenance.start();
		}
		return List.copyOf(this.registry.retired());
	}

	/**
	 * Reject all callers and retire all services, permanently.
	 * @return all retired services, including earlier ones
	 */
	List<Member<Q, R>> close(long now) {
		this.closed = true;
		this.maintenance.close();
		this.replacements.abandoned();
		this.waitQueue.rejectAll(CLOSED);
		this.retirement.retireAll(Reason.POOL_CLOSED, "pool is being closed", now);
		return List.copyOf(this.registry.retired());
	}

	/** Close the services that have not drained in time. */
	void closeDraining(long now) {
		this.retirement.closeDraining(now);
	}

	List<Member<Q, R>> members() {
		return this.registry.all();
	}

	boolean isRetired(Member<Q, R> member) {
		return this.registry.retired().contains(member);
	}

	/** Return whether the pool can currently serve calls, even if callers must wait. */
	private boolean isAvailable() {
		boolean canCreate = this.creations.lastFailure() == null && this.registry.targets().size() > 0;
		return !this.closed && (!this.registry.live().isEmpty() || canCreate);
	}

	PoolSnapshot snapshot(Map<Member<Q, R>, Member.Observed> observed, long now) {
		List<Member<Q, R>> all = this.registry.all();
		List<PoolSnapshot.ServiceSnapshot> members = all.stream()
			.map((member) -> member.snapshot(now, observed.getOrDefault(member, Member.Observed.NOTHING)))
			.toList();
		return new PoolSnapshot(this.name,
				settings().inForce(this.registry.targets().preferred(), this.registry.targets().size()),
				new PoolSnapshot.Load(this.scaler.estimate().level(), this.scaler.loadEstimate(),
						this.registry.inFlight(), this.waitQueue.waiting(), this.demand.snapshot(now)),
				new PoolSnapshot.Health(isAvailable(), this.outageDetector.snapshot(now),
						this.registry.targets().drained(), this.registry.targets().snapshot()),
				this.registry.size(this.creations.count()), members,
				new PoolSnapshot.Totals(this.waitQueue.calls(), this.creations.snapshot(this.registry.counters()),
						this.outlierDetector.ejections(), this.retries.snapshot(now)),
				this.recorder.log().snapshot());
	}

}
