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
		boolean up = !this.outOfServiceWhenUnavailable || snapshot.available();
		(up ? health.up() : health.outOfService()).withDetail("level", snapshot.level().name().toLowerCase(Locale.ROOT))
			.withDetail("size", snapshot.size())
			.withDetail("inFlight", snapshot.inFlight())
			.withDetail("waiting", snapshot.waiting());
		if (snapshot.outage() != null) {
			health.withDetail("outage", snapshot.outage());
		}
		PoolEndpoint.EventDescriptor failure = PoolEndpoint.EventDescriptor.ofNullable(lastFailure(snapshot.events()));
		if (failure != null) {
			health.withDetail("lastFailure", failure);
		}
	}

	private static @Nullable PoolEvent lastFailure(List<PoolEvent> events) {
		return events.stream()
			.filter((event) -> FAILURES.contains(event.type()))
			.reduce((earlier, later) -> later)
			.orElse(null);
	}

}
