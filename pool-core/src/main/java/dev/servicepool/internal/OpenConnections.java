package dev.servicepool.internal;

import dev.servicepool.PoolSettings;
import dev.servicepool.internal.util.Nanos;

/**
 * Forgets the connections that the clients of services have closed because they were not
 * used. Guarded by the lock.
 */
final class OpenConnections<Q, R> implements MaintenanceTask {

	private final long period;

	private final MemberRegistry<Q, R> registry;

	private long nextPeriod;

	OpenConnections(PoolSettings settings, MemberRegistry<Q, R> registry, long now) {
		this.period = Nanos.of(settings.coldAfter());
		this.registry = registry;
		this.nextPeriod = now + this.period;
	}

	/**
	 * End the period if it is over. A pool without events ends it later; its services
	 * then only have fewer connections than expected.
	 */
	@Override
	public void run(long now) {
		if (this.period > 0 && now - this.nextPeriod >= 0) {
			this.nextPeriod = now + this.period;
			this.registry.live().forEach(Member::endConcurrencyPeriod);
		}
	}

}
