package dev.servicepool.compatibility;

import java.time.Duration;
import java.util.List;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import org.springframework.context.ApplicationContext;

/**
 * Targets that a service registry supplies to the only pool of an application.
 */
final class DiscoveredTargets {

	private DiscoveredTargets() {
	}

	/** Return the targets of the services that are ready. */
	static List<String> targets(ApplicationContext context) {
		return context.getBean(Pool.class)
			.snapshot()
			.services()
			.stream()
			.filter((service) -> service.state() == PoolSnapshot.ServiceSnapshot.State.READY)
			.map(PoolSnapshot.ServiceSnapshot::target)
			.toList();
	}

	/** Return a wait that checks its condition every 10 ms for up to 30 seconds. */
	static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
	}

}
