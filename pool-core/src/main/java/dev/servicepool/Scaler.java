package dev.servicepool;

import java.time.Duration;
import java.util.function.Supplier;

import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.sizing.LoadLevel;
import dev.servicepool.sizing.LoadEstimate;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the load when a service is made and when one is removed. Guarded by the
 * pool's lock, but for the counter of ready samples.
 */
final class Scaler<Q, R> {

	private final PoolSettings settings;

	private final MemberRegistry<Q, R> registry;

	private final DemandTracker<Q, R> demand;

	private final Retirement<Q, R> retirement;

	private final EventRecorder<Q, R> recorder;

	private final Creations<Q, R> creations;

	private final LoadEstimate estimate;

	/** Ready samples that are not in the estimate yet. Counts for any thread. */
	private final SampleBudget sampleBudget;

	/** Whether the service that is being made was called for by the load. */
	private boolean scalingUp;

	/** Why a change was held back last: the same is not told over and over. */
	private @Nullable Reason told;

	Scaler(PoolSettings settings, MemberRegistry<Q, R> registry, DemandTracker<Q, R> demand,
			Retirement<Q, R> retirement, EventRecorder<Q, R> recorder, Creations<Q, R> creations, long now) {
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

	/** Take in the ready samples that were counted apart. First of all on every entry. */
	void foldReadySamples(long now) {
		long count = this.registry.collectSamples();
		this.sampleBudget.folded(count, now);
		if (count > 0) {
			this.demand.observe(now);
			ready(count, now);
		}
	}

	/** Say how many readies may be counted apart. Last of all on every exit. */
	void allowReadies() {
		boolean canScaleDown = this.registry.canScaleDown();
		if (this.sampleBudget.allow(canScaleDown ? this.estimate.readiesBeforeLow() : Long.MAX_VALUE, canScaleDown,
				this.registry.ready().size())) {
			this.registry.lowerMarks();
		}
	}

	/** A number of callers found, or got, a service. */
	void ready(long count, long now) {
		if (count > 0) {
			this.demand.served(now);
		}
		long left = count;
		while (left > 0) {
			// At the minimum nothing can be removed, so the steps don't matter.
			long sure = this.registry.canScaleDown() ? Math.min(left, this.estimate.readiesBeforeLow()) : left;
			if (sure > 0) {
				this.estimate.ready(sure);
				left -= sure;
			}
			else {
				left--;
				if (this.estimate.ready(1) == LoadLevel.LOW) {
					scaleDown(now);
				}
			}
		}
	}

	/** A caller found no service ready. */
	void pending(long now) {
		if (!this.creations.inProgress() && this.estimate.pending() == LoadLevel.HIGH) {
			scaleUp(now);
		}
	}

	private void scaleDown(long now) {
		double low = this.estimate.raised();
		this.estimate.reset();
		if (this.creations.inProgress()) {
			pauseFor(Reason.CREATION_IN_PROGRESS, () -> low(low) + ", but a service is being made");
		}
		else if (!this.demand.fitsOneLess(now)) {
			pauseFor(Reason.HEADROOM, () -> low(low) + ", but " + this.demand.veto(now));
		}
		else {
			remove(Reason.LOW_LOAD, low(low), now);
		}
	}

	private String low(double load) {
		return "load " + Figures.of(load) + " below " + Figures.of(this.settings.underutilizedBelow());
	}

	/** Remove a service that is not needed. */
	void remove(Reason reason, String message, long now) {
		this.retirement.retire(this.registry.removedFirst(), reason, message, now);
		this.demand.guard().removed(now);
		this.told = null;
	}

	private void scaleUp(long now) {
		Target target = this.registry.allocator().nextTarget(this.registry.allocator()::acceptsMore);
		if (this.registry.allocator().isBackingOffForAll()) {
			pauseFor(Reason.BACKOFF, () -> high() + ", but making failed and is tried again in "
					+ Duration.ofNanos(this.registry.allocator().nanosToBackoffEnd(now)).toMillis() + " ms");
		}
		else if (this.registry.isFull()) {
			pauseFor(Reason.MAX_SERVICES,
					() -> high() + ", but there are " + this.registry.slots() + " of at most "
							+ this.settings.maxServices() + " services, " + this.registry.retired().size()
							+ " of them leaving");
		}
		else if (target == null) {
			pauseFor(Reason.ALL_SUSPENDED,
					() -> high() + ", but no server takes more: they fail, or have asked for no requests");
		}
		else {
			this.creations.begin(target, high(), now);
			this.scalingUp = true;
		}
	}

	private String high() {
		return "load " + Figures.of(this.estimate.raised()) + " above " + Figures.of(this.settings.loadedAbove());
	}

	/** A service was made: whatever the level was, it had its effect. */
	void created(long now) {
		if (this.scalingUp) {
			this.demand.guard().scaledUp(now);
		}
		creationEnded();
	}

	/** An attempt to make a service has ended, one way or the other. */
	void creationEnded() {
		this.scalingUp = false;
		this.estimate.settled();
		this.told = null;
	}

	/** A place has become free. */
	void slotFreed() {
		this.told = null;
	}

	private void pauseFor(Reason reason, Supplier<String> message) {
		if (this.told != reason) {
			this.told = reason;
			this.recorder.event(reason, message.get(), null);
		}
	}

}
