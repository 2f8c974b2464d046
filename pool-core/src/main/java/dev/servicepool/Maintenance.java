package dev.servicepool;

import java.util.random.RandomGenerator;

import dev.servicepool.PoolEvent.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What is done about the size of the pool whatever its load: the least number of services
 * is made, services that have become too old are replaced, and one that has been idle for
 * long is removed. Guarded by the pool's lock.
 */
final class Maintenance<Q, R> {

	/** The lifetime of a service is shortened by up to one part in so many, at random. */
	private static final int MAX_JITTER = 10;

	private final PoolSettings settings;

	private final long idleTimeout;

	private final long maxLifetime;

	private final RandomGenerator random;

	private final MemberRegistry<Q, R> registry;

	private final DemandTracker<Q, R> demand;

	private final Retirement<Q, R> retirement;

	private final Scaler<Q, R> scaler;

	private final Creations<Q, R> creations;

	/** Whether the pool has been started or asked for a service. */
	private boolean started;

	private boolean closed;

	/** The service that the one being made, or the successor, replaces. */
	private @Nullable Member<Q, R> replaced;

	/** The service that has joined to replace it but has not been ready yet. */
	private @Nullable Member<Q, R> successor;

	/**
	 * What the next service is to be made for, in place of one that is retired already.
	 */
	private @Nullable Target owed;

	/** Whether there are services that may prove idle. */
	private boolean watching;

	/** When they are looked at next. */
	private long lookAt;

	Maintenance(PoolSettings settings, MemberRegistry<Q, R> registry, DemandTracker<Q, R> demand,
			Retirement<Q, R> retirement, Scaler<Q, R> scaler, Creations<Q, R> creations, RandomGenerator random) {
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

	/** Make no service from now on until the pool is started again. */
	void stop() {
		this.started = false;
		endReplacement();
		this.owed = null;
		this.creations.abandon();
	}

	/** Make no service any more. */
	void close() {
		stop();
		this.closed = true;
	}

	/** Do what is due. Near the end of every exit. */
	void run(long now) {
		retireReplaced(now);
		freeSlot(now);
		createMissing(now);
		replaceExpired(now);
		removeIdle(now);
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
		if (this.owed != null && !this.registry.allocator().isBackingOff(this.owed)) {
			this.creations.begin(this.owed, "in place of one that was too old", now);
		}
		else if (next != null && live < this.registry.leastServices()) {
			this.creations.begin(next, live + " of at least " + this.registry.leastServices() + " services", now);
		}
		else if (unserved != null) {
			this.creations.begin(unserved, "none for " + unserved.name(), now);
		}
	}

	/** A target that is new gets a service in place of one whose target keeps another. */
	private void freeSlot(long now) {
		Target unserved = this.registry.allocator().unserved();
		if (unserved != null && canReplace() && this.registry.isFull() && !this.registry.isEachTheOnlyOne()) {
			this.retirement.retire(this.registry.removedFirst(), Reason.SLOT_NEEDED,
					"makes room for one for " + unserved.name(), now);
		}
	}

	/** The pool has other targets. */
	void retargeted() {
		if (this.owed != null && !this.registry.allocator().hasTarget(this.owed)) {
			this.owed = null;
		}
		if (!this.creations.inProgress()) {
			creationFailed();
		}
	}

	/** One at a time, so that the others carry the load meanwhile. */
	private void replaceExpired(long now) {
		Member<Q, R> expired = replaceable();
		if (expired == null || now - expired.expiry < 0) {
			return;
		}
		if (this.registry.isFull()) {
			this.retirement.retire(expired, Reason.MAX_LIFETIME, tooOld(), now);
			this.owed = expired.target;
		}
		else {
			this.replaced = expired;
			this.creations.begin(expired.target, "in place of service " + expired.id + ", which is too old", now);
		}
	}

	/**
	 * Return the service that can be replaced first, if one can be made for its target.
	 */
	private @Nullable Member<Q, R> replaceable() {
		Member<Q, R> first = canReplace() ? this.registry.firstToExpire() : null;
		return (first != null && !this.registry.allocator().isBackingOff(first.target)) ? first : null;
	}

	/** Not while a leaving service holds the place that a new one could have. */
	private boolean canReplace() {
		return this.started && !this.closed && !this.creations.inProgress() && this.owed == null
				&& this.replaced == null && !(this.registry.isFull() && !this.registry.retired().isEmpty());
	}

	private String tooOld() {
		return "too old, maxLifetime is " + Figures.of(this.settings.maxLifetime()) + " less up to a tenth";
	}

	/** A service is about to join: say when it is to be replaced. */
	void joins(Member<Q, R> member, long now) {
		if (this.maxLifetime > 0) {
			long jitter = (long) (this.random.nextDouble() * (this.maxLifetime / MAX_JITTER));
			member.expires = true;
			member.expiry = now + this.maxLifetime - jitter;
		}
	}

	/** A service has joined. */
	void joined(Member<Q, R> member) {
		this.successor = (this.replaced != null) ? member : null;
		this.registry.replacing(this.successor != null);
		this.owed = null;
	}

	/** As soon as the successor has been ready, the one that it replaces can go. */
	private void retireReplaced(long now) {
		if (this.replaced == null || this.successor == null || this.successor.state == Member.State.PENDING) {
			return;
		}
		if (this.successor.isLive() && this.replaced.isLive()) {
			this.retirement.retire(this.replaced, Reason.MAX_LIFETIME, tooOld(), now);
		}
		endReplacement();
	}

	private void endReplacement() {
		this.replaced = null;
		this.successor = null;
		this.registry.replacing(false);
	}

	/** No service was made; if there is a successor already, it was not to be one. */
	void creationFailed() {
		if (this.successor == null) {
			this.replaced = null;
		}
	}

	/** One at a time, with a pause, so that returning traffic finds the rest. */
	private void removeIdle(long now) {
		boolean surplus = this.idleTimeout > 0 && this.registry.canScaleDown();
		if (!surplus || !this.watching) {
			this.watching = surplus;
			this.lookAt = now + this.demand.idleSlice();
		}
		else if (now - this.lookAt >= 0) {
			this.lookAt = now + this.demand.idleSlice();
			if (!this.creations.inProgress() && this.demand.isOneIdle(now)) {
				this.scaler.remove(Reason.IDLE, "not needed for " + Figures.of(this.settings.idleTimeout()), now);
			}
		}
	}

	/** Whether no service is there and none can be had before a pause is over. */
	boolean isHopeless() {
		return this.registry.live().isEmpty() && this.registry.allocator().isBackingOffForAll()
				&& !this.creations.inProgress();
	}

	/**
	 * Return how long until something is due.
	 * @return nanoseconds, or {@link Long#MAX_VALUE} if there is nothing to wait for
	 */
	long nanosToNextDeadline(long now) {
		long left = this.watching ? this.lookAt - now : Long.MAX_VALUE;
		Member<Q, R> next = replaceable();
		return (next != null) ? Math.min(left, next.expiry - now) : left;
	}

}
