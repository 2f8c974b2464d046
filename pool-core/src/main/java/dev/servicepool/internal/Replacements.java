package dev.servicepool.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolSettings;
import dev.servicepool.Target;
import dev.servicepool.internal.target.Backoff;
import dev.servicepool.internal.util.Figures;
import org.jspecify.annotations.Nullable;

/**
 * Replaces services that do not respond any more. A replacement is an experiment: the
 * successor receives requests beside the old service. If only the successor responds, the
 * connection of the old service is the trouble, and the old service is retired. If the
 * successor receives no response either, the server is the trouble, and the successor is
 * retired. Guarded by the lock.
 * <p>
 * At most one replacement per target is in progress. Replacements run beside a creation
 * by load, and change neither the load estimate nor its level.
 */
final class Replacements<Q, R> implements MaintenanceTask {

	private static final Duration FIRST_BACKOFF = Duration.ofSeconds(2);

	private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

	/**
	 * The time after a failed replacement for which services must respond, so that it no
	 * longer counts.
	 */
	private static final long FORGOTTEN_AFTER = Duration.ofSeconds(30).toNanos();

	/**
	 * The number of broken services in a row that never responded, after which the next
	 * creation waits.
	 */
	private static final int MAX_UNUSED = 5;

	/** The interval at which requests without a response are looked for. */
	private static final long CHECK_INTERVAL = Duration.ofSeconds(1).toNanos();

	/**
	 * The maximum time for which a suspect service may respond later than the successor.
	 */
	private static final long MAX_PATIENCE = Duration.ofSeconds(1).toNanos();

	/** The interval at which the responses of a successor are looked for. */
	private static final long RESPONSE_INTERVAL = Duration.ofMillis(100).toNanos();

	private final PoolSettings settings;

	/** Whether the times of requests and responses are recorded. */
	private final boolean timed;

	private final RandomGenerator random;

	private final MemberRegistry<Q, R> registry;

	private final Retirement<Q, R> retirement;

	private final CreationTracker<Q, R> creations;

	private final Maintenance<Q, R> maintenance;

	/** The services that may not respond any more, in the order of the evidence. */
	private final Map<Member<Q, R>, Evidence> suspects = new LinkedHashMap<>();

	private final Map<Target, Experiment<Q, R>> experiments = new LinkedHashMap<>();

	/** The pauses after failed replacements, for targets that had one. */
	private final Map<Target, Pause> pauses = new HashMap<>();

	/**
	 * The number of broken services in a row that never responded, for targets that had
	 * one.
	 */
	private final Map<Target, Integer> unused = new HashMap<>();

	private long nextCheck;

	Replacements(PoolSettings settings, boolean timed, MemberRegistry<Q, R> registry, Retirement<Q, R> retirement,
			CreationTracker<Q, R> creations, Maintenance<Q, R> maintenance, RandomGenerator random, long now) {
		this.settings = settings;
		this.timed = timed;
		this.registry = registry;
		this.retirement = retirement;
		this.creations = creations;
		this.maintenance = maintenance;
		this.random = random;
		this.nextCheck = now;
	}

	/**
	 * Evidence that a service does not respond any more.
	 *
	 * @param message the description
	 * @param since the time at which the request without a response began
	 * @param respondedAt the time of the last response before this evidence
	 */
	private record Evidence(String message, long since, long respondedAt) {
	}

	/** Replacement in progress. */
	private static final class Experiment<Q, R> {

		private final Member<Q, R> old;

		private final CreationAttempt attempt;

		private @Nullable Member<Q, R> successor;

		private long joinedAt;

		/** Whether the successor has responded. */
		private boolean responded;

		/** The time at which this was noticed. */
		private long respondedAt;

		Experiment(Member<Q, R> old, CreationAttempt attempt) {
			this.old = old;
			this.attempt = attempt;
		}

	}

	/** Pause after failed replacements for one target. */
	private static final class Pause {

		private final Backoff backoff;

		private long failedAt;

		Pause(Backoff backoff) {
			this.backoff = backoff;
		}

	}

	/**
	 * Record that a service has not responded since a time although it was asked.
	 * @param message the description of the evidence
	 */
	void suspect(Member<Q, R> member, String message, long since) {
		if (member.isLive() && !isOutdated(member, since)) {
			Evidence evidence = new Evidence(message, since, member.responsiveness.respondedAt());
			if (this.suspects.putIfAbsent(member, evidence) == null) {
				member.suspect(true);
			}
		}
	}

	/**
	 * Return whether the evidence of a time is outdated: the service has responded or has
	 * lost its only connection since, so that its client opens another one. Or its
	 * ejection has ended since: requests avoid a suspect service, but the next request
	 * must show whether its server still is in trouble.
	 */
	private static boolean isOutdated(Member<?, ?> member, long since) {
		return member.responsiveness.respondedAfter(since) || member.hasLostConnectionAfter(since)
				|| member.suspension.ejection.endedAt() - since > 0;
	}

	/** Handle a request that the service refused although no other was in flight. */
	void refusedAlone(Member<Q, R> member, long now) {
		if (this.timed && member.responsiveness.refusedAlone(now)) {
			broken(member, "broken: refuses each request", now);
		}
	}

	/** Replace a service that cannot respond any more. */
	void broken(Member<Q, R> member, String message, long now) {
		if (!member.isLive()) {
			return;
		}
		if (member.outcomes.succeeded() > 0) {
			this.unused.remove(member.target);
		}
		else if (this.unused.merge(member.target, 1, Integer::sum) > MAX_UNUSED) {
			this.registry.allocator().brokenUnused(member.target, now);
		}
		this.retirement.evict(member, message, now);
		this.maintenance.replaceFailed(member);
	}

	@Override
	public void run(long now) {
		findOverdue(now);
		if (this.suspects.isEmpty() && this.experiments.isEmpty()) {
			countSurplus();
			return;
		}
		clearSuspects();
		for (Map.Entry<Target, Experiment<Q, R>> entry : List.copyOf(this.experiments.entrySet())) {
			if (isOver(entry.getValue(), now)) {
				end(entry.getKey());
			}
			else {
				limitSuccessor(entry.getValue());
			}
		}
		for (Map.Entry<Member<Q, R>, Evidence> entry : this.suspects.entrySet()) {
			begin(entry.getKey(), entry.getValue(), now);
		}
		countSurplus();
	}

	private void findOverdue(long now) {
		if (!this.timed || now - this.nextCheck < 0) {
			return;
		}
		this.nextCheck = now + CHECK_INTERVAL;
		for (Member<Q, R> member : this.registry.live()) {
			long waited = Math.min(member.responsiveness.waitedFor(member.permits.inFlight(), now),
					now - member.suspension.ejection.endedAt());
			if (waited >= member.responsiveness.overdueAfter()) {
				suspect(member, "no response for " + Figures.of(Duration.ofMillis(waited / 1_000_000)), now - waited);
			}
		}
	}

	/**
	 * Clear the suspects whose evidence is outdated. If a suspect responds again, its
	 * server was stalled. The stall also explains why other services of the same target
	 * did not respond to requests that began during the stall, or up to one latency
	 * before. These services are cleared, too.
	 */
	private void clearSuspects() {
		Map<Target, Long> explainedSince = new HashMap<>();
		this.suspects.forEach((member, evidence) -> {
			if (member.responsiveness.respondedAfter(evidence.since())) {
				explainedSince.merge(member.target, evidence.respondedAt() - member.responsiveness.latency(),
						(one, other) -> (one - other < 0) ? one : other);
			}
		});
		this.suspects.entrySet().removeIf((entry) -> {
			Member<Q, R> member = entry.getKey();
			Long explained = explainedSince.get(member.target);
			long since = entry.getValue().since();
			boolean clear = !member.isLive() || isOutdated(member, since)
					|| (explained != null && since - explained >= 0);
			if (clear) {
				member.suspect(false);
			}
			return clear;
		});
	}

	/** Return whether an experiment is over, after acting on its result. */
	private boolean isOver(Experiment<Q, R> experiment, long now) {
		Member<Q, R> old = experiment.old;
		Member<Q, R> successor = experiment.successor;
		if (successor == null) {
			return false;
		}
		if (!successor.isLive()) {
			failed(old.target, now);
			return true;
		}
		Evidence evidence = this.suspects.get(old);
		if (evidence == null) {
			if (old.isLive()) {
				this.retirement.retire(successor, Reason.REPLACED,
						"not needed, because service " + old.id + " can respond again", now);
			}
			return true;
		}
		if (this.suspects.containsKey(successor)) {
			this.retirement.retire(successor, Reason.REPLACED,
					"received no response either, so the server does not respond", now);
			failed(old.target, now);
			return true;
		}
		if (!experiment.responded && hasResponded(experiment)) {
			experiment.responded = true;
			experiment.respondedAt = now;
		}
		if (experiment.responded && now - experiment.respondedAt >= patience(old)) {
			this.retirement.retire(old, Reason.REPLACED,
					evidence.message() + ", but service " + successor.id + " responded", now);
			return true;
		}
		return false;
	}

	private void end(Target target) {
		Experiment<Q, R> experiment = this.experiments.remove(target);
		if (experiment != null && experiment.successor != null) {
			experiment.successor.successor(false);
		}
	}

	private static boolean hasResponded(Experiment<?, ?> experiment) {
		Member<?, ?> successor = experiment.successor;
		return successor != null && successor.responsiveness.respondedAfter(experiment.joinedAt);
	}

	/**
	 * Return the time after the response of the successor within which a service responds
	 * if its server was stalled and has resumed.
	 */
	private static long patience(Member<?, ?> suspect) {
		return RESPONSE_INTERVAL + Math.min(suspect.responsiveness.latency(), MAX_PATIENCE);
	}

	private void failed(Target target, long now) {
		Pause pause = this.pauses.computeIfAbsent(target,
				(unknown) -> new Pause(new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF, this.random)));
		if (hasRespondedAfter(pause.failedAt + FORGOTTEN_AFTER, target)) {
			pause.backoff.succeeded();
		}
		pause.failedAt = now;
		pause.backoff.failed(now);
	}

	private boolean hasRespondedAfter(long time, Target target) {
		return this.registry.allocator()
			.servicesOf(target)
			.stream()
			.anyMatch((member) -> member.responsiveness.respondedAfter(time));
	}

	private void begin(Member<Q, R> old, Evidence evidence, long now) {
		Target target = old.target;
		if (!old.isLive() || !this.maintenance.isRunning() || this.experiments.containsKey(target)
				|| isPaused(target, now) || this.registry.allocator().isBackingOff(target)) {
			return;
		}
		String message = "replaces service " + old.id + ": " + evidence.message();
		if (this.settings.maxSurge() == 0) {
			this.retirement.evict(old, evidence.message(), now);
			this.maintenance.replace(target);
		}
		else if (this.registry.hasRoomForSuccessor(this.creations.ordinary())
				&& this.experiments.size() < this.settings.maxSurge()) {
			this.experiments.put(target, new Experiment<>(old, this.creations.beginReplacement(target, message, now)));
		}
	}

	private boolean isPaused(Target target, long now) {
		Pause pause = this.pauses.get(target);
		if (pause == null) {
			return false;
		}
		pause.backoff.endBackoff(now);
		return pause.backoff.backingOff();
	}

	/** Handle a service that is about to join, if it is a successor. */
	void beforeJoin(CreationAttempt attempt, Member<Q, R> member, long now) {
		Experiment<Q, R> experiment = this.experiments.get(attempt.target);
		if (experiment != null && experiment.attempt == attempt) {
			experiment.successor = member;
			experiment.joinedAt = now;
			member.successor(true);
			limitSuccessor(experiment);
		}
	}

	/**
	 * Let the successor of an ejected service receive one request at a time until it
	 * responds. Otherwise, a server in trouble would receive as many requests as without
	 * the ejection.
	 */
	private static void limitSuccessor(Experiment<?, ?> experiment) {
		Member<?, ?> successor = experiment.successor;
		if (successor != null && !hasResponded(experiment) && experiment.old.isEjected()) {
			successor.limit.markColdUntilResponse();
		}
	}

	/** Handle a successor that could not be created. */
	void creationFailed(CreationAttempt attempt, long now) {
		Experiment<Q, R> experiment = this.experiments.get(attempt.target);
		if (experiment != null && experiment.attempt == attempt) {
			this.experiments.remove(attempt.target);
			failed(attempt.target, now);
		}
	}

	/** Forget the failed replacements, so that the next one need not wait. */
	void forgetFailures() {
		this.pauses.clear();
		this.unused.clear();
	}

	/** Forget the experiments whose creation was abandoned. */
	void abandoned() {
		abandonedUnless((target) -> false);
	}

	private void abandonedUnless(Predicate<Target> wanted) {
		this.experiments.entrySet()
			.removeIf((experiment) -> experiment.getValue().successor == null && !wanted.test(experiment.getKey()));
	}

	/** Forget the targets that do not meet a condition. */
	void retain(Predicate<Target> wanted) {
		abandonedUnless(wanted);
		this.pauses.keySet().removeIf(wanted.negate());
		this.unused.keySet().removeIf(wanted.negate());
	}

	private void countSurplus() {
		int surplus = 0;
		for (Experiment<Q, R> experiment : this.experiments.values()) {
			surplus += (experiment.successor != null) ? 1 : 0;
		}
		this.registry.surplus(surplus);
	}

	@Override
	public long nanosToNextRun(long now) {
		if (!this.timed) {
			return Long.MAX_VALUE;
		}
		long left = Long.MAX_VALUE;
		for (Member<Q, R> member : this.registry.live()) {
			if (member.permits.inFlight() > 0 || !member.limit.isCold()) {
				left = Math.max(0, this.nextCheck - now);
				break;
			}
		}
		for (Experiment<Q, R> experiment : this.experiments.values()) {
			left = (experiment.successor != null) ? Math.min(left, RESPONSE_INTERVAL) : left;
		}
		for (Member<Q, R> suspect : this.suspects.keySet()) {
			Pause pause = this.pauses.get(suspect.target);
			left = (pause != null && pause.backoff.backingOff()) ? Math.min(left, pause.backoff.remaining(now)) : left;
		}
		return left;
	}

}
