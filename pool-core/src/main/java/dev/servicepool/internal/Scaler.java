package dev.servicepool.internal;

import java.time.Duration;
import java.util.function.Supplier;

import dev.servicepool.internal.permit.SampleBudget;
import dev.servicepool.internal.util.Figures;
import dev.servicepool.PoolSettings;
import dev.servicepool.ScaleUp;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.LoadLevel;
import dev.servicepool.internal.sizing.LoadEstimate;
import org.jspecify.annotations.Nullable;

/**
 * Scales the pool up and down by the load estimate. Guarded by the lock, except for the
 * budget of ready samples.
 */
final class Scaler<Q, R> implements MaintenanceTask {

	/** The maximum number of new services for each existing one. */
	private static final int MAX_NEW_PER_SERVICE = 2;

	private final PoolSettings settings;

	private final MemberRegistry<Q, R> registry;

	private final DemandTracker<Q, R> demand;

	private final Retirement<Q, R> retirement;

	private final EventRecorder<Q, R> recorder;

	private final CreationTracker<Q, R> creations;

	private final LoadEstimate estimate;

	/**
	 * The budget of ready samples that are not in the estimate yet. Used by any thread.
	 */
	private final SampleBudget sampleBudget;

	/**
	 * Whether the current creations were caused by the load, and none of them has ended.
	 */
	private boolean scalingUp;

	/**
	 * The reason of the last veto. Consecutive vetoes with the same reason cause one
	 * event.
	 */
	private @Nullable Reason lastVeto;

	Scaler(PoolSettings settings, MemberRegistry<Q, R> registry, DemandTracker<Q, R> demand,
			Retirement<Q, R> retirement, EventRecorder<Q, R> recorder, CreationTracker<Q, R> creations, long now) {
		this.settings = settings;
		this.registry = registry;
		this.demand = demand;
		this.retirement = retirement;
		this.recorder = recorder;
		this.creations = creations;
		this.estimate = new LoadEstimate(settings.initial(), settings.underutilizedBelow(), settings.loadedAbove(),
				settings.urgency());
		this.sampleBudget = new SampleBudget(demand.interval(), now);
	}

	SampleBudget sampleBudget() {
		return this.sampleBudget;
	}

	LoadEstimate estimate() {
		return this.estimate;
	}

	/** Return the load estimate, including ready samples that were not added to it. */
	double loadEstimate() {
		return this.estimate.valueAfter(this.registry.uncollectedSamples());
	}

	/**
	 * Add the ready samples that were counted without the lock. The first step of each
	 * entry.
	 */
	void addReadySamples(long now) {
		long count = this.registry.collectSamples();
		this.sampleBudget.samplesAdded(count, now);
		if (count > 0) {
			this.demand.observe(now);
			ready(count, now);
		}
	}

	/**
	 * Set the number of ready samples that may be counted without the lock. The last task
	 * of each exit.
	 */
	@Override
	public void run(long now) {
		boolean canScaleDown = this.registry.canScaleDown();
		if (this.sampleBudget.allow(canScaleDown ? this.estimate.readySamplesBeforeLow() : Long.MAX_VALUE, canScaleDown,
				this.registry.ready().size())) {
			this.registry.lowerMarks();
		}
	}

	/** Record callers that found a service ready, or were granted one. */
	void ready(long count, long now) {
		if (count > 0) {
			this.demand.served(now);
		}
		long left = count;
		while (left > 0) {
			// At the minimum size no service can be removed, so the individual steps are
			// irrelevant.
			long safe = this.registry.canScaleDown() ? Math.min(left, this.estimate.readySamplesBeforeLow()) : left;
			if (safe > 0) {
				this.estimate.ready(safe);
				left -= safe;
			}
			else {
				left--;
				if (this.estimate.ready(1) == LoadLevel.LOW) {
					scaleDown(now);
				}
			}
		}
	}

	/** Record a caller that found no service ready. */
	void pending(long now) {
		if (this.scalingUp) {
			createMissing(now);
		}
		else if (!this.creations.inProgress() && this.estimate.pending() == LoadLevel.HIGH) {
			scaleUp(now);
		}
	}

	private void scaleDown(long now) {
		double load = this.estimate.unclampedValue();
		this.estimate.reset();
		if (this.creations.inProgress()) {
			veto(Reason.CREATION_IN_PROGRESS, () -> "removal vetoed: a service is being created");
		}
		else if (!this.demand.canRemoveOne(now)) {
			veto(Reason.HEADROOM, () -> "removal vetoed: " + this.demand.requirement(now));
		}
		else {
			remove(Reason.LOW_LOAD,
					"load estimate " + Figures.of(load) + " below " + Figures.of(this.settings.underutilizedBelow()),
					now);
		}
		this.demand.estimateReset();
	}

	/** Remove a service that is not needed. */
	void remove(Reason reason, String message, long now) {
		this.retirement.retire(this.registry.removedFirst(), reason, message, now);
		this.demand.headroomGuard().removed(now);
		this.lastVeto = null;
	}

	private void scaleUp(long now) {
		if (this.registry.targets().size() == 0) {
			return;
		}
		Target target = this.registry.allocator().nextTarget(this.registry.allocator()::acceptsMore);
		if (this.registry.targets().isBackingOffForAll()) {
			veto(Reason.BACKOFF,
					() -> "creation vetoed: for each target, the last attempt to create a service failed; next attempt in "
							+ Duration.ofNanos(this.registry.targets().nanosToBackoffEnd(now)).toMillis() + "ms");
		}
		else if (this.registry.isFull()) {
			veto(Reason.MAX_SERVICES,
					() -> "creation vetoed: " + this.registry.slots() + " of at most "
							+ Figures.count(this.registry.maxServices(), "service") + ", "
							+ this.registry.retired().size() + " of them retired");
		}
		else if (target == null) {
			veto(Reason.ALL_SUSPENDED,
					() -> "creation vetoed: every target has a paused service, or only ejected services ("
							+ this.registry.suspended().ejected() + " ejected and "
							+ Figures.count(this.registry.suspended().paused(), "paused service") + ")");
		}
		else {
			this.creations.begin(target, "load estimate " + Figures.of(this.estimate.unclampedValue()) + " above "
					+ Figures.of(this.settings.loadedAbove()), now);
			this.scalingUp = true;
			createMissing(now);
		}
	}

	/**
	 * Create further services beside those that are being created, if the demand requires
	 * them.
	 */
	private void createMissing(long now) {
		if (this.settings.scaleUp() == ScaleUp.SINGLE) {
			return;
		}
		long most = Math.min((long) MAX_NEW_PER_SERVICE * this.registry.live().size(), this.registry.room());
		while (this.creations.ordinary() < most && this.demand.exceeds(this.creations.ordinary())) {
			Target target = this.registry.allocator().nextTargetBeside(this.creations::countFor);
			if (target == null) {
				return;
			}
			this.creations.beginBeside(target, "more requests in flight and waiting than all services accept", now);
		}
	}

	/** Handle a created service. It resets the load level. */
	void created(long now) {
		if (this.scalingUp) {
			this.demand.headroomGuard().scaledUp(now);
		}
		creationEnded();
	}

	/** Handle the end of a creation, successful or not. */
	void creationEnded() {
		this.scalingUp = false;
		this.estimate.clearLevel();
		this.lastVeto = null;
	}

	/** Handle a freed slot. */
	void slotFreed() {
		this.lastVeto = null;
	}

	/** Adapt to another window of the headroom guard. */
	void windowChanged(long now) {
		this.demand.windowChanged(now);
		this.sampleBudget.interval(this.demand.interval());
	}

	private void veto(Reason reason, Supplier<String> message) {
		if (this.lastVeto != reason) {
			this.lastVeto = reason;
			this.recorder.event(reason, message.get(), null);
		}
	}

}
