package dev.servicepool.spring.actuate;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health of one pool. A pool reports {@code UP} by default, even if its servers fail,
 * because removing an application from service when a downstream server is down only
 * spreads the outage.
 */
final class PoolHealthIndicator extends AbstractHealthIndicator {

	private static final Set<Type> FAILURES = EnumSet.of(Type.CREATION_FAILED, Type.EVICTED, Type.EJECTED);

	private final Pool<?, ?> pool;

	private final boolean outOfServiceWhenUnavailable;

	PoolHealthIndicator(Pool<?, ?> pool, boolean outOfServiceWhenUnavailable) {
		this.pool = pool;
		this.outOfServiceWhenUnavailable = outOfServiceWhenUnavailable;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		PoolSnapshot snapshot = this.pool.snapshot();
		boolean up = !this.outOfServiceWhenUnavailable || snapshot.health().available();
		PoolSnapshot.Load load = snapshot.load();
		(up ? health.up() : health.outOfService()).withDetail("level", load.level().name().toLowerCase(Locale.ROOT))
			.withDetail("size", PoolEndpoint.SizeDescriptor.of(snapshot.size()))
			.withDetail("inFlight", load.inFlight())
			.withDetail("waiting", load.waiting());
		PoolSnapshot.Outage outage = snapshot.health().outage();
		if (outage != null) {
			health.withDetail("outage", outage);
		}
		PoolEndpoint.EventDescriptor failure = PoolEndpoint.EventDescriptor
			.ofNullable(lastFailure(snapshot.events().latest()));
		if (failure != null) {
			health.withDetail("lastFailure", failure);
		}
	}

	private static @Nullable PoolEvent lastFailure(List<PoolSnapshot.CountedEvent> events) {
		return events.stream()
			.map(PoolSnapshot.CountedEvent::event)
			.filter((event) -> FAILURES.contains(event.type()))
			.reduce((earlier, later) -> later)
			.orElse(null);
	}

}
