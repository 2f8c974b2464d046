package dev.servicepool.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.servicepool.internal.outlier.Ejection;
import dev.servicepool.internal.outlier.FailureCounter;
import dev.servicepool.internal.util.Failure;
import dev.servicepool.internal.util.Figures;
import dev.servicepool.internal.util.Nanos;
import dev.servicepool.OutlierDetection;
import dev.servicepool.PoolSettings;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * Outlier detection: ejects services that fail, probes them and readmits them. See
 * {@link OutlierDetection}. Guarded by the lock.
 */
final class OutlierDetector<Q, R> implements MaintenanceTask {

	private final OutlierDetection detection;

	private final MemberRegistry<Q, R> registry;

	private final SuspendedMembers<Q, R> suspended;

	private final Dispatcher<Q, R> dispatcher;

	private final EventRecorder<Q, R> recorder;

	private final FailureComparison<Q, R> comparison;

	private final ZoneDoubt<Q, R> doubt;

	/** The failures across all services of a target, for targets with failures. */
	private final Map<Target, FailureCounter> targets = new HashMap<>();

	private long ejections;

	OutlierDetector(PoolSettings settings, MemberRegistry<Q, R> registry, Dispatcher<Q, R> dispatcher,
			EventRecorder<Q, R> recorder) {
		this.detection = settings.outlierDetection();
		this.registry = registry;
		this.suspended = registry.suspended();
		this.dispatcher = dispatcher;
		this.recorder = recorder;
		this.comparison = new FailureComparison<>(settings, registry);
		this.doubt = new ZoneDoubt<>(registry, Nanos.of(this.detection.interval()));
	}

	/** Return the number of ejections so far. */
	long ejections() {
		return this.ejections;
	}

	/**
	 * Handle a service failure. The request still has its permit and is not counted yet.
	 * @param probe whether the request was a probe of an ejected service
	 */
	void failed(Member<Q, R> member, Failure failure, boolean probe, long now) {
		if (!member.isLive()) {
			return;
		}
		this.comparison.failed(member, now);
		Ejection ejection = member.suspension.ejection;
		if (member.isEjected()) {
			if (probe) {
				ejection.probeFailed(now);
			}
			return;
		}
		FailureCounter failures = member.suspension.failures;
		if (failures.failed(member.outcomes.successes(), this.comparison.failuresOfOthers(), now)) {
			ejection.healthyUntil(now);
		}
		if (failures.consecutive() >= this.detection.consecutiveFailures() && this.comparison.isZoneInDoubt(member)) {
			this.doubt.begin(now);
		}
		String last = ", last: " + failure;
		String message = ejection.onProbation() ? probationFailed(member) : outlier(member, failures);
		if (message != null) {
			eject(member, message + last, now);
		}
		failed(member, last, now);
	}

	private @Nullable String probationFailed(Member<Q, R> member) {
		return this.comparison.failsAlone(member, member.suspension.failures) ? "1 failure during probation" : null;
	}

	/**
	 * Return the reason why a service, or the services of its target, fail more than
	 * others, or {@code null} if they do not.
	 */
	private @Nullable String outlier(Member<Q, R> member, FailureCounter failures) {
		if (this.comparison.failsInRun(member, failures, this.detection.consecutiveFailures())) {
			return failures.run();
		}
		boolean outlier = failures.exceededRate() && this.comparison.failsMore(member);
		return outlier ? failures.describeRate() : null;
	}

	/**
	 * Count a failure across all services of a target, because they may fail together
	 * before each one has failed often enough.
	 */
	private void failed(Member<Q, R> failed, String last, long now) {
		Target target = failed.target;
		List<Member<Q, R>> services = this.registry.allocator().servicesOf(target);
		String lowRate = (this.detection.failureRate() > 0) ? this.comparison.lowSuccessRate(failed) : null;
		if (lowRate != null) {
			eject(services, lowRate + last, now);
		}
		if (services.size() < 2) {
			return;
		}
		FailureCounter failures = failuresOf(target);
		failures.failed(services.stream().mapToLong((member) -> member.outcomes.successes()).sum(),
				this.comparison.failuresOfOthers(), now);
		String message = outlier(failed, failures);
		if (message != null) {
			eject(services, message + " across the services for " + target.name() + last, now);
		}
	}

	private void eject(List<Member<Q, R>> services, String message, long now) {
		services.forEach((member) -> eject(member, message, now));
	}

	private FailureCounter failuresOf(Target target) {
		this.targets.keySet().removeIf((known) -> !this.registry.targets().contains(known));
		return this.targets.computeIfAbsent(target, (unknown) -> new FailureCounter(this.detection));
	}

	/** Eject a service, if another one is available and the maximum is not reached. */
	private void eject(Member<Q, R> member, String message, long now) {
		if (member.isEjected() || this.suspended.ejected() >= this.registry.maxEjected()
				|| !isAnotherAvailable(member)) {
			return;
		}
		this.ejections++;
		member.suspension.ejection.begin(message, now);
		this.registry.eject(member);
		String time = Figures.of(Duration.ofNanos(member.suspension.ejection.remaining(now)));
		this.recorder.event(Type.EJECTED, message + "; ejected for " + time, member);
	}

	private boolean isAnotherAvailable(Member<Q, R> member) {
		return this.suspended.notSuspended() > (member.isSuspended() ? 0 : 1) || this.registry.hasReserve();
	}

	/**
	 * Handle a caller that waits because no service is ready that may serve it. If its
	 * request has failed, all preferred targets may fail together.
	 */
	void joined(Waiter<Q, R> waiter, long now) {
		if (waiter.wanted != null && this.registry.live().stream().noneMatch(waiter::accepts)
				&& this.registry.hasReserve()) {
			this.doubt.begin(now);
		}
	}

	/**
	 * Handle a probe that did not fail: readmit the service if it responded.
	 */
	void probed(Member<Q, R> member, boolean responded, long now) {
		if (!member.isEjected()) {
			return;
		}
		if (responded) {
			readmit(member, "responded to a probe", true, now);
		}
		else {
			member.suspension.ejection.probeUndecided(now);
		}
	}

	/** Readmit the services whose ejection is over, and offer the probes that are due. */
	@Override
	public void run(long now) {
		this.doubt.run(now);
		if (this.suspended.ejected() == 0) {
			return;
		}
		for (Member<Q, R> member : List.copyOf(this.suspended.members())) {
			if (member.isEjected()) {
				run(member, now);
			}
		}
		while (this.suspended.ejected() > this.registry.maxEjected()) {
			readmit(first(now), this.suspended.ejected() + " of "
					+ Figures.count(this.registry.live().size(), "service") + " were ejected, which is more than half",
					false, now);
		}
	}

	private void run(Member<Q, R> member, long now) {
		if (member.suspension.ejection.remaining(now) <= 0) {
			readmit(member, "ejection time is over", false, now);
		}
		else if (member.canServeSuspended() && nanosToProbe(member, now) <= 0) {
			this.dispatcher.offerProbe(member, now);
		}
	}

	private long nanosToProbe(Member<Q, R> member, long now) {
		return Math.max(member.suspension.ejection.nanosToProbe(now), member.suspension.remainingPause(now));
	}

	/** Return the ejected service whose ejection ends first. */
	private Member<Q, R> first(long now) {
		Member<Q, R> first = null;
		for (Member<Q, R> member : this.suspended.members()) {
			boolean ejected = member.isEjected();
			if (ejected && (first == null
					|| member.suspension.ejection.remaining(now) < first.suspension.ejection.remaining(now))) {
				first = member;
			}
		}
		if (first == null) {
			throw new IllegalStateException("There is no ejected service");
		}
		return first;
	}

	/**
	 * Readmit a service.
	 * @param responded whether the service responded to a probe
	 */
	private void readmit(Member<Q, R> member, String message, boolean responded, long now) {
		member.suspension.ejection.end(responded, now);
		member.suspension.failures.forget(member.outcomes.successes());
		if (!responded) {
			member.limit.markColdUntilResponse();
		}
		this.recorder.event(Type.READMITTED, responded ? message : message + "; on probation", member);
		this.recorder.effect(new Effect.Readmitted<>(member, now));
		if (member.suspension.isPaused(now)) {
			this.registry.pause(member);
		}
		else {
			this.registry.endSuspension(member);
			this.dispatcher.suspensionEnded(member, now);
		}
	}

	/**
	 * Forget all failures, and readmit all services.
	 * @return the number of services that were ejected
	 */
	int reset(long now) {
		int ejected = this.suspended.ejected();
		for (Member<Q, R> member : List.copyOf(this.suspended.members())) {
			if (member.isEjected()) {
				readmit(member, "all ejections were reset", true, now);
			}
		}
		for (Member<Q, R> member : this.registry.live()) {
			member.suspension.ejection.forget(now);
			member.suspension.failures.forget(member.outcomes.successes());
		}
		this.targets.clear();
		this.comparison.reset();
		return ejected;
	}

	@Override
	public long nanosToNextRun(long now) {
		long left = this.doubt.nanosToNextRun(now);
		for (Member<Q, R> member : this.suspended.members()) {
			if (member.isEjected()) {
				left = Math.min(left, member.suspension.ejection.remaining(now));
				left = member.canServeSuspended() ? Math.min(left, nanosToProbe(member, now)) : left;
			}
		}
		return left;
	}

}
