package dev.servicepool;

import java.time.Duration;

import dev.servicepool.sizing.DemandHistory;
import dev.servicepool.sizing.HeadroomGuard;

/**
 * How much is asked of the pool, now and in the recent past, and whether it would all fit
 * into one service less. Guarded by the pool's lock.
 */
final class DemandTracker<Q, R> {

	private static final int IDLE_SLICES = 10;

	/** How often the demand is looked at in each of the windows, at least. */
	private static final int LOOKS_PER_WINDOW = 1000;

	private final int limit;

	private final MemberRegistry<Q, R> registry;

	private final WaitQueue<Q, R> waitQueue;

	private final HeadroomGuard guard;

	private final long idleTimeout;

	private final DemandHistory idleHistory;

	DemandTracker(PoolSettings settings, MemberRegistry<Q, R> registry, WaitQueue<Q, R> waitQueue, long now) {
		this.limit = settings.maxConcurrency();
		this.registry = registry;
		this.waitQueue = waitQueue;
		this.guard = new HeadroomGuard(Nanos.of(settings.headroomWindow()), now);
		this.idleTimeout = Nanos.of(settings.idleTimeout());
		this.idleHistory = new DemandHistory(idleSlice(), IDLE_SLICES, now);
	}

	/** Return how often the demand is to be looked at, in nanoseconds; 0 for never. */
	long interval() {
		return (this.guard.isOn() ? this.guard.configured() : this.idleTimeout) / LOOKS_PER_WINDOW;
	}

	/** Return how often the pool is to be looked at that may be idle, at least 1. */
	long idleSlice() {
		return Math.max(1, this.idleTimeout / IDLE_SLICES);
	}

	HeadroomGuard guard() {
		return this.guard;
	}

	/** Take in what is in flight and waiting now. */
	void observe(long now) {
		observe(0, now);
	}

	/** A caller who is not in the queue yet has found nothing ready. */
	void arrived(long now) {
		observe(1, now);
		tight(now);
	}

	/** Callers have found a service ready; was there another one? */
	void served(long now) {
		if (this.registry.ready().size() + this.registry.beingPolled() < 2) {
			tight(now);
		}
	}

	private void observe(int more, long now) {
		int demand = this.registry.inFlight() + this.waitQueue.waiting() + more;
		this.guard.history().observe(demand, now);
		this.idleHistory.observe(demand, now);
	}

	private void tight(long now) {
		this.guard.history().tight(now);
		this.idleHistory.tight(now);
	}

	/** Whether the demand of the guard's window would have fitted into one less. */
	boolean fitsOneLess(long now) {
		observe(now);
		return this.guard.allowsRemoval(capacityOfOneLess(), now);
	}

	/** Whether one service was not needed at all for as long as the idle timeout. */
	boolean isOneIdle(long now) {
		observe(now);
		return this.idleTimeout > 0 && this.idleHistory.fits(capacityOfOneLess(), this.idleTimeout, now);
	}

	/** Return how many requests the services take without the one removed first. */
	private long capacityOfOneLess() {
		if (this.limit == PoolBuilder.UNLIMITED) {
			return Long.MAX_VALUE;
		}
		Member<Q, R> removed = this.registry.removedFirst();
		long capacity = 0;
		for (Member<Q, R> member : this.registry.live()) {
			capacity += (member != removed && !member.isSuspended()) ? member.limit.whenWarm() : 0;
		}
		return capacity;
	}

	/** Say why a service may not be removed. */
	String veto(long now) {
		String window = Figures.of(Duration.ofNanos(this.guard.window(now)));
		return (this.limit == PoolBuilder.UNLIMITED) ? "fewer than two services were ready within the last " + window
				: "up to " + this.guard.peak(now) + " requests at a time in the last " + window + " need all "
						+ this.registry.live().size() + " services";
	}

	PoolSnapshot.Headroom snapshot(long now) {
		observe(now);
		return new PoolSnapshot.Headroom(Duration.ofNanos(this.guard.window(now)),
				this.guard.isOn() ? this.guard.peak(now) : 0);
	}

}
