package dev.servicepool.internal;

import java.util.ArrayDeque;
import java.util.Deque;
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

	private final PoolSettings settings;

	private final long idleTimeout;

	private final long maxLifetime;

	private final RandomGenerator random;

	private final MemberRegistry<Q, R> registry;

	private final DemandTracker<Q, R> demand;

	private final Retirement<Q, R> retirement;

	private final Scaler<Q, R> scaler;

	private final CreationTracker<Q, R> creations;

	/** Whether the pool was started explicitly or by the first caller. */
	private boolean started;

	private boolean closed;

	/** The expired service that the service being created, or the successor, replaces. */
	private @Nullable Member<Q, R> replaced;

	/** The service that has joined as a replacement and was not ready yet. */
	private @Nullable Member<Q, R> successor;

	/** The targets of retired services that need a replacement, in order. */
	private final Deque<Target> replacementTargets = new ArrayDeque<>();

	/** Whether there are surplus services, which may be idle. */
	private boolean watching;

	/** The time of the next check for an idle service. */
	private long nextCheck;

	Maintenance(PoolSettings settings, MemberRegistry<Q, R> registry, DemandTracker<Q, R> demand,
			Retirement<Q, R> retirement, Scaler<Q, R> scaler, CreationTracker<Q, R> creations, RandomGenerator random) {
		this.settings = settings;
		this.idleTimeout = Nanos.of(settings.idleTimeout());
		this.maxLifetime = Nanos.of(settings.maxLifetime());
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
		endReplacement();
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
		freeSlot(now);
		createMissing(now);
		replaceExpired(now);
		removeIdle(now);
	}

	/** Return whether services are created. */
	boolean isRunning() {
		return this.started && !this.closed;
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

	private void createMissing(long now) {
		if (!canCreate()) {
			return;
		}
		int live = this.registry.live().size();
		Target unserved = this.registry.allocator().unserved();
		Target next = (live < this.settings.minServices()) ? this.registry.allocator().nextTarget() : unserved;
		Target replaced = this.replacementTargets.peekFirst();
		if (replaced != null && !this.registry.allocator().isBackingOff(replaced)) {
			this.creations.begin(replaced, "replaces a retired service", now);
		}
		else if (next != null && live < this.registry.leastServices()) {
			this.creations.begin(next,
					Figures.count(live, "service") + ", but the minimum is " + this.registry.leastServices(), now);
		}
		else if (unserved != null) {
			this.creations.begin(unserved, unserved.name() + " had no service", now);
		}
	}

	/**
	 * Retire a service of a target that has several services, so that a service for a new
	 * target can be created.
	 */
	private void freeSlot(long now) {
		Target unserved = this.registry.allocator().unserved();
		if (unserved != null && canReplace() && this.registry.isFull() && !this.registry.hasNoSpareService()) {
			this.retirement.retire(this.registry.removedFirst(), Reason.SLOT_NEEDED,
					"slot needed for the first service for " + unserved.name(), now);
		}
	}

	/** Adapt to changed targets. */
	void retargeted() {
		this.replacementTargets.removeIf((target) -> !this.registry.allocator().hasTarget(target));
		if (!this.creations.inProgress()) {
			creationFailed();
		}
	}

	/**
	 * Replace one expired service at a time, so that the others can serve the load in the
	 * meantime.
	 */
	private void replaceExpired(long now) {
		Member<Q, R> expired = replaceable();
		if (expired == null || now - expired.expiry() < 0) {
			return;
		}
		if (this.registry.isFull()) {
			this.retirement.retire(expired, Reason.MAX_LIFETIME, lifetimeReached(), now);
			replace(expired.target);
		}
		else {
			this.replaced = expired;
			this.creations.begin(expired.target, "replaces service " + expired.id + ", which reached its maxLifetime",
					now);
		}
	}

	/**
	 * Return the service that expires first, if its target is not backing off and a
	 * replacement may begin.
	 */
	private @Nullable Member<Q, R> replaceable() {
		Member<Q, R> first = canReplace() ? this.registry.firstToExpire() : null;
		return (first != null && !this.registry.allocator().isBackingOff(first.target)) ? first : null;
	}

	/**
	 * Return whether a replacement may begin. A replacement must wait if the pool is full
	 * and a retired service is about to free a slot.
	 */
	private boolean canReplace() {
		return this.started && !this.closed && !this.creations.inProgress() && this.replacementTargets.isEmpty()
				&& this.replaced == null && !(this.registry.isFull() && !this.registry.retired().isEmpty());
	}

	private String lifetimeReached() {
		return "maxLifetime reached (configured: " + Figures.of(this.settings.maxLifetime())
				+ "; the lifetime of each service is up to 10% shorter, at random)";
	}

	/** Set the expiry of a service that is about to join. */
	void setExpiry(Member<Q, R> member, long now) {
		if (this.maxLifetime > 0) {
			long jitter = (long) (this.random.nextDouble() * (this.maxLifetime / MAX_JITTER));
			member.expireAt(now + this.maxLifetime - jitter);
		}
	}

	/** Handle a service that has joined. */
	void joined(Member<Q, R> member) {
		this.successor = (this.replaced != null) ? member : null;
		this.registry.replacing(this.successor != null);
		this.replacementTargets.removeFirstOccurrence(member.target);
	}

	/** Retire the replaced service once its successor has been ready. */
	private void retireReplaced(long now) {
		if (this.replaced == null || this.successor == null || this.successor.isPending()) {
			return;
		}
		if (this.successor.isLive() && this.replaced.isLive()) {
			this.retirement.retire(this.replaced, Reason.MAX_LIFETIME, lifetimeReached(), now);
		}
		endReplacement();
	}

	private void endReplacement() {
		this.replaced = null;
		this.successor = null;
		this.registry.replacing(false);
	}

	/**
	 * Handle a failed creation. If a successor has already joined, the failed creation
	 * was not a replacement.
	 */
	void creationFailed() {
		if (this.successor == null) {
			this.replaced = null;
		}
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

	/** Return whether the pool has no service and all targets are backing off. */
	boolean hasNoServiceUntilBackoffEnds() {
		return this.registry.live().isEmpty() && this.registry.allocator().isBackingOffForAll()
				&& !this.creations.inProgress();
	}

	@Override
	public long nanosToNextRun(long now) {
		long left = this.watching ? this.nextCheck - now : Long.MAX_VALUE;
		Member<Q, R> next = replaceable();
		return (next != null) ? Math.min(left, next.expiry() - now) : left;
	}

}
