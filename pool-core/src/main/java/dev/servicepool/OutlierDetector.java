package dev.servicepool;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.servicepool.PoolEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * Sets aside services that fail, tries them now and then, and takes them back: outlier
 * detection, see {@link OutlierDetection}. Guarded by the pool's lock.
 */
final class OutlierDetector<Q, R> {

	private final OutlierDetection detection;

	private final MemberRegistry<Q, R> registry;

	private final SuspendedMembers<Q, R> suspended;

	private final WaitQueue<Q, R> waitQueue;

	private final Dispatcher<Q, R> dispatcher;

	private final EventRecorder<Q, R> recorder;

	/** The failures of all services of a target, for targets that had some. */
	private final Map<Target, FailureCounter> targets = new HashMap<>();

	private long ejections;

	OutlierDetector(PoolSettings settings, MemberRegistry<Q, R> registry, WaitQueue<Q, R> waitQueue,
			Dispatcher<Q, R> dispatcher, EventRecorder<Q, R> recorder) {
		this.detection = settings.outlierDetection();
		this.registry = registry;
		this.suspended = registry.suspended();
		this.waitQueue = waitQueue;
		this.dispatcher = dispatcher;
		this.recorder = recorder;
	}

	/** Return how often a service was ejected so far. */
	long ejections() {
		return this.ejections;
	}

	/**
	 * A request has failed through the fault of its service. Its place is not given back
	 * yet, and it is not counted.
	 * @param probe whether the request was to try an ejected service
	 */
	void failed(Member<Q, R> member, Failure failure, boolean probe, long now) {
		if (!member.isLive()) {
			return;
		}
		Ejection ejection = member.suspension.ejection;
		if (member.state == Member.State.EJECTED) {
			if (probe) {
				ejection.probeFailed(now);
			}
			return;
		}
		if (member.suspension.failures.failed(member.successes(), now)) {
			ejection.healthyUntil(now);
		}
		String last = "; the last: " + failure;
		String message = ejection.onProbation() ? "failed on trial" : member.suspension.failures.tooMuch();
		if (message != null) {
			eject(member, message + last, now);
		}
		failed(member.target, last, now);
	}

	/** Several services of one target fail together before each has failed enough. */
	private void failed(Target target, String last, long now) {
		List<Member<Q, R>> services = this.registry.allocator().servicesOf(target);
		if (services.size() < 2) {
			return;
		}
		FailureCounter failures = failuresOf(target);
		failures.failed(services.stream().mapToLong(Member::successes).sum(), now);
		String message = failures.tooMuch();
		if (message != null) {
			for (Member<Q, R> member : services) {
				eject(member, message + " of all services for " + target.name() + last, now);
			}
		}
	}

	private FailureCounter failuresOf(Target target) {
		this.targets.keySet().removeIf((known) -> !this.registry.allocator().hasTarget(known));
		return this.targets.computeIfAbsent(target, (unknown) -> new FailureCounter(this.detection));
	}

	/** Eject a service, if others are left. */
	private void eject(Member<Q, R> member, String message, long now) {
		if (member.state == Member.State.EJECTED || this.suspended.ejected() >= this.suspended.mostEjected()
				|| !isAnotherAvailable(member)) {
			return;
		}
		this.ejections++;
		member.suspension.ejection.begin(message, now);
		this.registry.suspend(member, Member.State.EJECTED);
		String time = Figures.of(Duration.ofNanos(member.suspension.ejection.remaining(now)));
		this.recorder.event(Type.EJECTED, "for " + time + ": " + message, member);
	}

	private boolean isAnotherAvailable(@Nullable Member<Q, R> member) {
		return this.suspended.others() > ((member != null && !member.isSuspended()) ? 1 : 0);
	}

	/** A request that was to try an ejected service was answered. */
	void probeSucceeded(Member<Q, R> member, long now) {
		if (member.state == Member.State.EJECTED) {
			readmit(member, "it has answered", true, now);
		}
	}

	/** A request that was to try an ejected service has ended without an outcome. */
	void probeUndecided(Member<Q, R> member, long now) {
		if (member.state == Member.State.EJECTED) {
			member.suspension.ejection.probeUndecided(now);
		}
	}

	/** Take back those whose time is over, and try those that are due. */
	void run(long now) {
		if (this.suspended.ejected() == 0) {
			return;
		}
		for (Member<Q, R> member : List.copyOf(this.suspended.members())) {
			if (member.state == Member.State.EJECTED) {
				run(member, now);
			}
		}
		while (this.suspended.ejected() > this.suspended.mostEjected()) {
			readmit(first(now), "too few others are left", false, now);
		}
		while (this.suspended.ejected() > 0 && this.waitQueue.waiting() > 0 && !isAnotherAvailable(null)) {
			readmit(first(now), "no other takes requests", false, now);
		}
	}

	private void run(Member<Q, R> member, long now) {
		if (member.suspension.ejection.remaining(now) <= 0) {
			readmit(member, "its time is over", false, now);
		}
		else if (member.canBeProbed() && nanosToProbe(member, now) <= 0) {
			this.dispatcher.offerProbe(member, now);
		}
	}

	private long nanosToProbe(Member<Q, R> member, long now) {
		return Math.max(member.suspension.ejection.nanosToProbe(now), member.suspension.remainingPause(now));
	}

	/** Return the one that would be readmitted first anyway. */
	private Member<Q, R> first(long now) {
		Member<Q, R> first = null;
		for (Member<Q, R> member : this.suspended.members()) {
			boolean ejected = member.state == Member.State.EJECTED;
			if (ejected && (first == null
					|| member.suspension.ejection.remaining(now) < first.suspension.ejection.remaining(now))) {
				first = member;
			}
		}
		if (first == null) {
			throw new IllegalStateException("None is ejected");
		}
		return first;
	}

	/**
	 * Take back a service.
	 * @param responded whether it has proved that it answers
	 */
	private void readmit(Member<Q, R> member, String message, boolean responded, long now) {
		member.suspension.ejection.end(responded, now);
		member.suspension.failures.forget(member.successes());
		if (!responded) {
			member.limit.cool();
		}
		this.recorder.event(Type.READMITTED, responded ? message : message + ", on trial", member);
		this.recorder.effect(new Effect.Readmitted<>(member));
		this.registry.endSuspension(member);
		if (member.suspension.isPaused(now)) {
			this.registry.suspend(member, Member.State.PAUSED);
		}
		else {
			this.dispatcher.suspensionEnded(member, now);
		}
	}

	/**
	 * Return how long until something is due.
	 * @return nanoseconds, or {@link Long#MAX_VALUE} if there is nothing to wait for
	 */
	long nanosToNextDeadline(long now) {
		long left = Long.MAX_VALUE;
		for (Member<Q, R> member : this.suspended.members()) {
			if (member.state == Member.State.EJECTED) {
				left = Math.min(left, member.suspension.ejection.remaining(now));
				left = member.canBeProbed() ? Math.min(left, nanosToProbe(member, now)) : left;
			}
		}
		return left;
	}

}
