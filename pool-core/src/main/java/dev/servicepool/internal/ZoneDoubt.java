package dev.servicepool.internal;

/**
 * Doubt whether the preferred targets fail together, for example because their zone is
 * lost. It begins when one of them fails repeatedly and the others do not work either. It
 * ends if this does not happen again within the interval of outlier detection. Guarded by
 * the lock.
 */
final class ZoneDoubt<Q, R> implements MaintenanceTask {

	private final MemberRegistry<Q, R> registry;

	private final long interval;

	/** The last time at which a preferred target failed together with the others. */
	private long since;

	private boolean active;

	ZoneDoubt(MemberRegistry<Q, R> registry, long interval) {
		this.registry = registry;
		this.interval = interval;
	}

	/** Begin or continue to doubt. */
	void begin(long now) {
		this.since = now;
		set(true);
	}

	private void set(boolean active) {
		this.active = active;
		this.registry.inDoubt(active);
	}

	@Override
	public void run(long now) {
		if (this.active && nanosToNextRun(now) <= 0) {
			set(false);
		}
	}

	@Override
	public long nanosToNextRun(long now) {
		return this.active ? this.interval - (now - this.since) : Long.MAX_VALUE;
	}

}
