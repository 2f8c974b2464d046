package dev.servicepool.internal;

import java.time.Duration;

import dev.servicepool.internal.util.Figures;
import dev.servicepool.internal.util.Nanos;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.internal.sizing.DemandHistory;
import dev.servicepool.internal.sizing.HeadroomGuard;
import org.jspecify.annotations.Nullable;

/**
 * Current and recent demand on the pool. Decides whether the pool could serve the demand
 * after the removal of one service. Guarded by the lock.
 */
final class DemandTracker<Q, R> {

	private static final int IDLE_SLICES = 10;

	/** The minimum number of samples of the demand per window. */
	private static final int CHECKS_PER_WINDOW = 1000;

	private final MemberRegistry<Q, R> registry;

	private final WaitQueue<Q, R> waitQueue;

	private HeadroomGuard headroomGuard;

	private final long idleTimeout;

	private final DemandHistory idleHistory;

	DemandTracker(PoolSettings settings, MemberRegistry<Q, R> registry, WaitQueue<Q, R> waitQueue, long now) {
		this.registry = registry;
		this.waitQueue = waitQueue;
		this.headroomGuard = new HeadroomGuard(Nanos.of(settings.headroomWindow()), now);
		this.idleTimeout = Nanos.of(settings.idleTimeout());
		this.idleHistory = new DemandHistory(idleSlice(), IDLE_SLICES, now);
	}

	/**
	 * Return the interval at which the demand must be sampled, in nanoseconds; 0 if the
	 * demand need not be sampled.
	 */
	long interval() {
		return (this.headroomGuard.isOn() ? this.headroomGuard.configured() : this.idleTimeout) / CHECKS_PER_WINDOW;
	}

	/**
	 * Return the interval at which idle services are looked for, in nanoseconds; at least
	 * 1.
	 */
	long idleSlice() {
		return Math.max(1, this.idleTimeout / IDLE_SLICES);
	}

	/**
	 * Adapt to another window of the headroom guard. The recent peak counts from now on,
	 * so that no service is removed before the new window is over.
	 */
	void windowChanged(long now) {
		int peak = this.headroomGuard.isOn() ? this.headroomGuard.peak(now) : 0;
		this.headroomGuard = new HeadroomGuard(Nanos.of(this.registry.bounds().settings().headroomWindow()), now);
		this.headroomGuard.history().observe(peak, now);
		observe(now);
	}

	private boolean isUnlimited() {
		return this.registry.bounds().maxConcurrency() == PoolSettings.UNLIMITED;
	}

	HeadroomGuard headroomGuard() {
		return this.headroomGuard;
	}

	/** Sample the number of requests in flight and waiting. */
	void observe(long now) {
		observe(0, now);
	}

	/**
	 * Record that a caller found no service ready. The caller is not in the wait queue
	 * yet.
	 */
	void arrived(long now) {
		observe(1, now);
		this.headroomGuard.endSeries();
		recordNoSpare(now);
	}

	/** Record that callers found a service ready, and whether another one was ready. */
	void served(long now) {
		this.headroomGuard.served(now);
		if (this.registry.ready().size() + this.registry.beingPolled() < 2) {
			recordNoSpare(now);
		}
	}

	private int demand() {
		return this.registry.inFlight() + this.waitQueue.waiting();
	}

	private void observe(int more, long now) {
		int demand = demand() + more;
		this.headroomGuard.history().observe(demand, now);
		this.idleHistory.observe(demand, now);
	}

	private void recordNoSpare(long now) {
		this.headroomGuard.history().recordNoSpare(now);
		this.idleHistory.recordNoSpare(now);
	}

	/**
	 * Return whether the other services could serve the peak demand of the guard's window
	 * if one service were removed. If the traffic is slow, the peak demand of the idle
	 * timeout counts as well.
	 */
	boolean canRemoveOne(long now) {
		observe(now);
		return this.headroomGuard.allowsRemoval(remainingCapacity(), now)
				&& (!dependsOnIdleTimeout(now) || isOneIdle(now));
	}

	private boolean dependsOnIdleTimeout(long now) {
		return this.idleTimeout > 0 && this.headroomGuard.isTrafficSlow(now);
	}

	/** Handle the reset of the load estimate after a low load. */
	void estimateReset() {
		this.headroomGuard.endSeries();
	}

	/** Return whether one service was unnecessary during the whole idle timeout. */
	boolean isOneIdle(long now) {
		observe(now);
		return this.idleTimeout > 0 && this.idleHistory.fits(remainingCapacity(), this.idleTimeout, now);
	}

	/**
	 * Return the number of concurrent requests that the other services accept, without
	 * the service that is removed first.
	 */
	private long remainingCapacity() {
		return isUnlimited() ? Long.MAX_VALUE : capacityWithout(this.registry.removedFirst());
	}

	private long capacityWithout(@Nullable Member<Q, R> removed) {
		long capacity = 0;
		for (Member<Q, R> member : this.registry.live()) {
			capacity += (member != removed) ? capacityOf(member) : 0;
		}
		return capacity;
	}

	/**
	 * Return the number of concurrent requests that a service accepts. A successor does
	 * not count beside the service that it replaces.
	 */
	private static long capacityOf(Member<?, ?> member) {
		if (member.isSuspended() || member.isSuccessor()) {
			return 0;
		}
		return member.limit.isColdUntilResponse() ? 1 : member.limit.whenWarm();
	}

	/**
	 * Return whether there are more requests in flight and waiting callers than all
	 * services accept, including some new ones.
	 */
	boolean exceeds(int newServices) {
		return !isUnlimited()
				&& demand() > capacityWithout(null) + (long) newServices * this.registry.bounds().maxConcurrency();
	}

	/**
	 * Return the reason why no service can be removed, as text. It names the setting that
	 * determines for how long the reason applies.
	 */
	String requirement(long now) {
		boolean idle = this.headroomGuard.allowsRemoval(remainingCapacity(), now);
		DemandHistory history = idle ? this.idleHistory : this.headroomGuard.history();
		long nanos = idle ? this.idleTimeout : this.headroomGuard.observedWindow(now);
		String window = Figures.of(Duration.ofNanos(nanos)) + (idle ? " (idleTimeout)" : " (headroomWindow)");
		return isUnlimited() ? "in the last " + window + ", a caller found fewer than 2 services ready"
				: "peak of " + Figures.count(history.peak(nanos, now), "concurrent request") + " within " + window
						+ " requires " + Figures.count(this.registry.live().size(), "service");
	}

	PoolSnapshot.Headroom snapshot(long now) {
		return new PoolSnapshot.Headroom(Duration.ofNanos(this.headroomGuard.window(now)),
				this.headroomGuard.isOn() ? Math.max(this.headroomGuard.peak(now), demand()) : 0);
	}

}
