package dev.servicepool.spring.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;

/**
 * The meters of one pool that tell its targets apart. Targets come and go, so the tag has
 * only so many values, and the rest are one more.
 */
final class TargetMeters {

	/** How many targets have a tag value of their own. */
	static final int MOST = 20;

	private static final String OTHERS = "others";

	private final Pool<?, ?> pool;

	private final MultiGauge services;

	private final MultiGauge inFlight;

	TargetMeters(Pool<?, ?> pool, MeterRegistry registry) {
		this.pool = pool;
		this.services = MultiGauge.builder("servicepool.target.services")
			.description("Services of a target")
			.baseUnit("services")
			.tag("pool", pool.name())
			.register(registry);
		this.inFlight = MultiGauge.builder("servicepool.target.in.flight")
			.description("Requests in flight at the services of a target")
			.baseUnit("requests")
			.tag("pool", pool.name())
			.register(registry);
		refresh();
	}

	/** Services have come or gone: see which targets there are. */
	void refresh() {
		List<String> targets = this.pool.snapshot()
			.members()
			.stream()
			.map(PoolSnapshot.Member::target)
			.distinct()
			.sorted()
			.toList();
		List<String> named = targets.subList(0, Math.min(MOST, targets.size()));
		this.services.register(rows(targets, named, (member) -> 1), true);
		this.inFlight.register(rows(targets, named, PoolSnapshot.Member::inFlight), true);
	}

	private List<MultiGauge.Row<?>> rows(List<String> targets, List<String> named,
			ToIntFunction<PoolSnapshot.Member> value) {
		List<MultiGauge.Row<?>> rows = new ArrayList<>();
		for (String target : named) {
			rows.add(row(target, target::equals, value));
		}
		if (named.size() < targets.size()) {
			rows.add(row(OTHERS, (target) -> !named.contains(target), value));
		}
		return rows;
	}

	private MultiGauge.Row<?> row(String tag, Predicate<String> targets, ToIntFunction<PoolSnapshot.Member> value) {
		return MultiGauge.Row.<Pool<?, ?>>of(Tags.of("target", tag), this.pool,
				(pool) -> pool.snapshot()
					.members()
					.stream()
					.filter((member) -> targets.test(member.target()))
					.mapToInt(value)
					.sum());
	}

}
