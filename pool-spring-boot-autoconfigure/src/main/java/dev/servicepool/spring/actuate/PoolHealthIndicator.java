package dev.servicepool.spring.actuate;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.What;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.Member.State;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health of one pool. An application is not ill because a server is that it calls, so the
 * pool is up unless something else is asked for.
 */
final class PoolHealthIndicator extends AbstractHealthIndicator {

	private static final Set<What> FAILURES = EnumSet.of(What.CREATION_FAILED, What.EVICTED, What.EJECTED);

	/** What an empty pool decided last if it has tried in vain to have a service. */
	private static final Set<What> VAIN = EnumSet.of(What.CREATION_FAILED, What.EVICTED, What.VETOED);

	private static final Set<State> SERVING = EnumSet.of(State.READY, State.BUSY, State.PENDING);

	private final Pool<?, ?> pool;

	private final boolean outOfServiceWhenUnavailable;

	PoolHealthIndicator(Pool<?, ?> pool, boolean outOfServiceWhenUnavailable) {
		this.pool = pool;
		this.outOfServiceWhenUnavailable = outOfServiceWhenUnavailable;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		PoolSnapshot snapshot = this.pool.snapshot();
		boolean up = !this.outOfServiceWhenUnavailable || isAvailable(snapshot);
		(up ? health.up() : health.outOfService()).withDetail("level", snapshot.level().name().toLowerCase(Locale.ROOT))
			.withDetail("services", snapshot.services())
			.withDetail("inFlight", snapshot.inFlight())
			.withDetail("waiting", snapshot.waiting());
		DecisionDescriptor failure = DecisionDescriptor.of(lastFailure(snapshot.events()));
		if (failure != null) {
			health.withDetail("lastFailure", failure);
		}
	}

	/** A pool that is empty because nobody has asked it yet is available. */
	private static boolean isAvailable(PoolSnapshot snapshot) {
		if (snapshot.services().total() > 0) {
			return snapshot.members().stream().anyMatch((member) -> SERVING.contains(member.state()));
		}
		PoolEvent last = snapshot.lastDecision();
		return last == null || !VAIN.contains(last.what());
	}

	private static @Nullable PoolEvent lastFailure(List<PoolEvent> events) {
		return events.stream()
			.filter((event) -> FAILURES.contains(event.what()))
			.reduce((earlier, later) -> later)
			.orElse(null);
	}

}
