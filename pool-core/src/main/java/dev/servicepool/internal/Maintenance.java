package dev.servicepool.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

import dev.servicepool.internal.util.Figures;
import dev.servicepool.internal.util.Nanos;
import dev.servicepool.PoolSettings;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Work on the size of the pool that does not depend on the load. It creates missing
 * services, replaces expired ones and removes an idle one. Guarded by the lock.
 */
final class Maintenance<Q, R> implements MaintenanceTask {

	/** The divisor of the lifetime that gives the maximum jitter. */
	private static final int MAX_JITTER = 10;

	/** The number of checks for idle services in each {@code maxIdleTime}. */
	private static final int IDLE_CHECKS = 4;

	private static final String EARLIER = "; up to 10% earlier for each service, at random)";

	private final PoolSettings settings;

	private final long idleTimeout;

	private final long maxLifetime;

	private final int maxRequests;

	private final long maxIdleTime;

	private final RandomGenerator random;

	private final MemberRegistry<Q, R> registry;

	private final DemandTracker<Q, R> demand;

	private final Retirement<Q, R> retirement;

	private final Scaler<Q, R> scaler;

	private final CreationTracker<Q, R> creations;

	/** Whether the pool was started explicitly or by the first caller. */
	private boolean started;

	private boolean closed;

	/** The replacements in progress, oldest first. */
	private final List<PlannedReplacement<Q, R>> replacements = new ArrayList<>();

	/** The targets of retired services that need a replacement, in order. */
	private final Deque<Target> replacementTargets = new ArrayDeque<>();

	/** The services with this ID or a lower one are outdated. */
	private long lastOutdated;

	/** The cause, {@code null} if no service is outdated. */
	private @Nullable String outdatedCause;

	/** Whether services may have to be retired because the maximum was lowered. */
	private boolean maximumLowered;

	/** Whether there are surplus services, which may be idle. */
	private boolean watching;

	/** The time of the next check for an idle service. */
	private long nextCheck;

	Maintenance(PoolSettings settings, MemberRegistry<Q, R> registry, DemandTracker<Q, R> demand,
			Retirement<Q, R> retirement, Scaler<Q, R> scaler, CreationTracker<Q, R> creations, RandomGenerator random) {
		this.settings = settings;
		this.idleTimeout = Nanos.of(settings.idleTimeout());
		this.maxLifetime = Nanos.of(settings.maxLifetime());
		this.maxRequests = settings.maxRequestsPerService();
		this.maxIdleTime = Nanos.of(settings.maxIdleTime());
		this.random = random;
		this.registry = registry;
		this.demand = demand;
		this.retirement = retirement;
		this.scaler = scaler;
		this.creations = creations;
	}

	void start() {
		this.started = true;
	}

	/** Create no services until the pool is started again. */
	void stop() {
		this.started = false;
		this.replacements.clear();
		countSuccessors();
		this.replacementTargets.clear();
		this.creations.abandon();
	}

	/** Create no services any more. */
	void close() {
		stop();
		this.closed = true;
	}

	/** Perform the work that is due. Runs near the end of each exit. */
	@Override
	public void run(long now) {
		retireReplaced(now);
		retireExcess(now);
		forgetFilledSlots();
		freeSlot(now);
		createMissing(now);
		replaceExpired(now);
		removeIdle(now);
	}

	/** Return whether services are created. */
	boolean isRunning() {
		return this.started && !this.closed;
	}

	/**
	 * Create a service as soon as there is a slot, because one has failed, unless its
	 * successor is already being created.
	 */
	void replaceFailed(Member<Q, R> failed) {
		PlannedReplacement<Q, R> replacement = replacementOf(failed);
		if (replacement != null) {
			replacement.oldFailed();
		}
		else {
			replace(failed.target);
		}
	}

	private @Nullable PlannedReplacement<Q, R> replacementOf(Member<Q, R> member) {
		for (PlannedReplacement<Q, R> replacement : this.replacements) {
			if (replacement.old() == member) {
				return replacement;
			}
		}
		return null;
	}

	/** Create a service as soon as there is a slot, because one was retired. */
	void replace(Target target) {
		if (isRunning()) {
			this.replacementTargets.add(target);
		}
	}

	private boolean canCreate() {
		return this.started && !this.closed && !this.creations.inProgress() && !this.registry.isFull();
	}

	/**
	 * Adapt to changed bounds. If there are too many services, abandon the creations, and
	 * retire services until there are as many as allowed.
	 * @return whether the creations were abandoned
	 */
	boolean boundsChanged(long now) {
		boolean abandoned = this.registry.excess() + this.creations.count() > 0;
		if (abandoned) {
			this.maximumLowered = true;
			this.creations.abandon();
			this.replacementTargets.clear();
			this.replacements.removeIf((replacement) -> !replacement.hasJoined());
			retireExcess(now);
		}
		return abandoned;
	}

	private void retireExcess(long now) {
		while (this.maximumLowered && this.registry.excess() > 0) {
			this.retirement.retire(this.registry.removedFirst(), Reason.MAX_LOWERED,
					"maxServices was lowered to " + this.registry.maxServices(), now);
		}
		this.maximumLowered &= this.registry.hasSuccessor();
	}

	private void createMissing(long now) {
		if (!canCreate()) {
			createFirst(now);
			return;
		}
		int live = this.registry.live().size();
		Target unserved = this.registry.allocator().unserved();
		Target next = (live < this.registry.bounds().minServices()) ? this.registry.allocator().nextTarget() : unserved;
		Target replaced = nextReplacementTarget();
		if (replaced != null) {
			this.creations.begin(replaced, "replaces a retired service", now);
		}
		else if (next != null && live < this.registry.leastServices()) {
			this.creations.begin(next,
					Figures.count(live, "service") + ", but the minimum is " + this.registry.leastServices(), now);
		}
		else if (unserved != null) {
			this.creations.begin(unserved, unserved.name() + " had no service", now);
		}
		else {
			createInReserve(now);
		}
	}

	/** Create a service for a target that is not preferred, if one is needed. */
	private void createInReserve(long now) {
		String reason = this.registry.reserveNeeded();
		Target target = (reason != null) ? this.registry.allocator().nextReserve() : null;
		if (reason != null && target != null) {
			this.creations.begin(target, reason, now);
		}
	}

	/**
	 * Create the first service of a target although retired services occupy all slots.
	 */
	private void createFirst(long now) {
		Target unserved = this.registry.allocator().unserved();
		if (unserved != null && isRunning() && !this.creations.inProgress() && this.settings.maxSurge() > 0
				&& this.registry.hasRoomForFirst()) {
			this.creations.begin(unserved, unserved.name() + " had no service", now);
		}
	}

	/**
	 * Return the target of the next replacement of a retired service. A target that is
	 * backing off does not delay the replacements for other targets.
	 */
	private @Nullable Target nextReplacementTarget() {
		for (Target target : this.replacementTargets) {
			if (!this.registry.allocator().isBackingOff(target)) {
				return target;
			}
		}
		return null;
	}

	/**
	 * Forget the retired services whose slots other targets use, because the retired
	 * service could not be replaced in time. Each target still gets its first service.
	 */
	private void forgetFilledSlots() {
		if (this.registry.isFull() && this.registry.retired().isEmpty() && !this.creations.inProgress()) {
			this.replacementTargets.clear();
		}
	}

	/**
	 * Retire a service of a target that has several services, so that a service for a new
	 * target can be created.
	 */
	private void freeSlot(long now) {
		Target unserved = this.registry.allocator().unserved();
		if (unserved != null && canReplace() && this.registry.isFull() && this.registry.retired().isEmpty()
				&& !this.registry.hasNoSpareService()) {
			this.retirement.retire(this.registry.removedFirst(), Reason.SLOT_NEEDED,
					"slot needed for the first service for " + unserved.name(), now);
		}
	}

	/** Adapt to changed targets. */
	void retargeted() {
		this.replacementTargets.removeIf((target) -> !this.registry.targets().contains(target));
		this.replacements.removeIf((replacement) -> !replacement.hasJoined()
				&& !this.registry.targets().contains(replacement.old().target));
	}

	/** Return whether a replacement of all services is in progress. */
	boolean isReplacingAll() {
		return this.outdatedCause != null;
	}

	/** Replace the services that exist now or are being created. */
	void replaceAll(String cause) {
		this.lastOutdated = this.creations.lastAttempt();
		this.outdatedCause = cause;
	}

	/**
	 * Replace expired services one at a time, and a share of the outdated ones
	 * concurrently, so that the others can serve the load in the meantime.
	 */
	private void replaceExpired(long now) {
		for (Plan<Q, R> plan = planned(now); plan != null; plan = planned(now)) {
			Member<Q, R> old = plan.member();
			if (this.registry.isFull() && this.settings.maxSurge() == 0) {
				this.retirement.retire(old, plan.reason(), plan.message(), now);
				replace(old.target);
			}
			else {
				String message = "replaces service " + old.id + ", which " + plan.why();
				CreationAttempt attempt = (this.settings.maxSurge() > 0)
						? this.creations.beginReplacement(old.target, message, now)
						: this.creations.begin(old.target, message, now);
				this.replacements.add(new PlannedReplacement<>(old, plan.reason(), plan.message(), attempt));
			}
		}
	}

	/**
	 * Plan of a replacement.
	 *
	 * @param member the service to replace
	 * @param reason the reason for its retirement
	 * @param why the reason, for the event of the successor
	 * @param message the description of the reason
	 */
	private record Plan<Q, R>(Member<Q, R> member, Reason reason, String why, String message) {

	}

	/** Return the replacement that is due, if one may begin. */
	private @Nullable Plan<Q, R> planned(long now) {
		Member<Q, R> expired = replaceable();
		if (expired != null && now - expired.expiry() >= 0) {
			return new Plan<>(expired, Reason.MAX_LIFETIME, "reached its maxLifetime",
					"maxLifetime reached (configured: " + Figures.of(this.settings.maxLifetime()) + EARLIER);
		}
		Plan<Q, R> outdated = (this.outdatedCause != null && canReplaceOutdated()) ? outdated(this.outdatedCause)
				: null;
		if (outdated != null || (this.maxRequests == 0 && this.maxIdleTime == 0) || !canReplace()) {
			return outdated;
		}
		for (Member<Q, R> member : this.registry.live()) {
			if (!isReplaceable(member)) {
				continue;
			}
			if (member.isWornOut()) {
				return new Plan<>(member, Reason.MAX_REQUESTS, "reached its maxRequestsPerService",
						"maxRequestsPerService reached (configured: " + this.maxRequests + EARLIER);
			}
			if (nanosToStale(member, now) <= 0) {
				return new Plan<>(member, Reason.MAX_IDLE_TIME, "reached its maxIdleTime", "no traffic for "
						+ Figures.of(this.settings.maxIdleTime()) + " (maxIdleTime), so its connection may be lost");
			}
		}
		return null;
	}

	/**
	 * Return the replacement of an outdated service, unless its target is backing off. A
	 * suspended service is replaced, too.
	 */
	private @Nullable Plan<Q, R> outdated(String cause) {
		boolean done = this.creations.count() == 0;
		for (Member<Q, R> member : this.registry.live()) {
			if (member.id <= this.lastOutdated) {
				done = false;
				if (replacementOf(member) == null && !this.registry.allocator().isBackingOff(member.target)) {
					return new Plan<>(member, Reason.OUTDATED, "is outdated", cause);
				}
			}
		}
		if (done) {
			this.outdatedCause = null;
		}
		return null;
	}

	private boolean isReplaceable(Member<Q, R> member) {
		return !member.isSuspended() && !this.registry.allocator().isBackingOff(member.target);
	}

	/**
	 * Return the time until the connection of a service may be lost because it has had no
	 * traffic, in nanoseconds. A service that was never used has no connection.
	 */
	private long nanosToStale(Member<Q, R> member, long now) {
		boolean used = this.maxIdleTime > 0 && member.permits.calls() > 0;
		return used ? this.maxIdleTime - member.quietFor(now) : Long.MAX_VALUE;
	}

	/** Return the service that expires first, if a replacement may begin. */
	private @Nullable Member<Q, R> replaceable() {
		return canReplace() ? this.registry.firstToExpire() : null;
	}

	/** Return whether a replacement may begin, which is the only one. */
	private boolean canReplace() {
		return this.replacements.isEmpty() && canBeginReplacement();
	}

	/**
	 * Return whether the replacement of an outdated service may begin. Without a surge,
	 * services are replaced one at a time, because the old service may have to be retired
	 * first.
	 */
	private boolean canReplaceOutdated() {
		int services = this.registry.live().size() - countSuccessors();
		int most = (this.settings.maxSurge() > 0) ? (int) (this.settings.replaceRatio() * services) : 1;
		return this.replacements.size() < Math.max(1, most) && canBeginReplacement();
	}

	private boolean canBeginReplacement() {
		boolean beside = this.settings.maxSurge() > 0;
		return isRunning() && (beside || !this.creations.inProgress()) && nextReplacementTarget() == null && hasSlot();
	}

	/**
	 * Return whether there is a slot for a successor, or none is about to be freed by a
	 * retired service.
	 */
	private boolean hasSlot() {
		return (this.settings.maxSurge() > 0) ? this.registry.hasRoomForSuccessor(this.creations.ordinary())
				: !this.registry.isFull() || this.registry.retired().isEmpty();
	}

	/** Set when a service that is about to join must be replaced. */
	void setExpiry(Member<Q, R> member, long now) {
		if (this.maxLifetime > 0) {
			long jitter = (long) (this.random.nextDouble() * (this.maxLifetime / MAX_JITTER));
			member.expireAt(now + this.maxLifetime - jitter);
		}
		if (this.maxRequests > 0) {
			member.wearOutAfter(
					Math.max(1, this.maxRequests - (int) (this.random.nextDouble() * this.maxRequests / MAX_JITTER)));
		}
	}

	/** Handle a service that has joined. */
	void joined(CreationAttempt attempt, Member<Q, R> member) {
		if (!attempt.replacement) {
			this.replacementTargets.removeFirstOccurrence(member.target);
		}
		for (PlannedReplacement<Q, R> replacement : this.replacements) {
			if (replacement.isCreatedBy(attempt)) {
				replacement.joined(member);
				countSuccessors();
				return;
			}
		}
	}

	/** Retire replaced services once their successors have been ready. */
	private void retireReplaced(long now) {
		if (this.replacements.removeIf((replacement) -> endIfReady(replacement, now))) {
			countSuccessors();
		}
	}

	/**
	 * End a replacement if its successor has been ready or has gone.
	 * @return whether the replacement has ended
	 */
	private boolean endIfReady(PlannedReplacement<Q, R> replacement, long now) {
		boolean ends = replacement.hasJoined() && !replacement.isSuccessorPending();
		if (ends && replacement.isSuccessorLive() && replacement.old().isLive()) {
			this.retirement.retire(replacement.old(), replacement.reason(), replacement.message(), now);
		}
		return ends;
	}

	/** Count the successors that exist beside the services that they replace. */
	private int countSuccessors() {
		int joined = 0;
		for (PlannedReplacement<Q, R> replacement : this.replacements) {
			joined += replacement.hasJoined() ? 1 : 0;
		}
		this.registry.replacing(joined);
		return joined;
	}

	/** Handle a failed creation, which may be that of a successor. */
	void creationFailed(CreationAttempt attempt) {
		this.replacements.removeIf((replacement) -> {
			boolean failed = replacement.isCreatedBy(attempt);
			if (failed && replacement.hasOldFailed()) {
				replace(attempt.target);
			}
			return failed;
		});
	}

	/**
	 * Remove one idle service at a time, with a pause after each, so that returning
	 * traffic finds the others.
	 */
	private void removeIdle(long now) {
		boolean surplus = this.idleTimeout > 0 && this.registry.canScaleDown();
		if (!surplus || !this.watching) {
			this.watching = surplus;
			this.nextCheck = now + this.demand.idleSlice();
		}
		else if (now - this.nextCheck >= 0) {
			this.nextCheck = now + this.demand.idleSlice();
			if (!this.creations.inProgress() && this.demand.isOneIdle(now)) {
				this.scaler.remove(Reason.IDLE,
						"not needed for " + Figures.of(this.settings.idleTimeout()) + " (idleTimeout)", now);
			}
		}
	}

	/**
	 * Return whether the pool has no service, and all targets are backing off for so long
	 * that callers should not wait.
	 */
	boolean hasNoServiceUntilBackoffEnds(long now) {
		return this.registry.live().isEmpty() && this.registry.targets().isBackingOffForLong(now)
				&& !this.creations.inProgress();
	}

	@Override
	public long nanosToNextRun(long now) {
		long left = this.watching ? this.nextCheck - now : Long.MAX_VALUE;
		Member<Q, R> next = replaceable();
		left = (next != null) ? Math.min(left, next.expiry() - now) : left;
		if (this.maxIdleTime > 0 && canReplace()) {
			// Requests without the lock cause no event, and the idle time begins with the
			// first check that finds no further request.
			left = Math.min(left, this.maxIdleTime / IDLE_CHECKS);
			for (Member<Q, R> member : this.registry.live()) {
				long stale = nanosToStale(member, now);
				left = isReplaceable(member) ? Math.min(left, stale) : left;
			}
		}
		return left;
	}

}
