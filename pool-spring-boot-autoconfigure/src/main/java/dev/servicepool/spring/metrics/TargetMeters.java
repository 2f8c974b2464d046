package dev.servicepool.spring.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

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

	private final MultiGauge limit;

	/** Whether there are to be no meters any more. Guarded by this. */
	private boolean removed;

	TargetMeters(Pool<?, ?> pool, MeterRegistry registry) {
		this.pool = pool;
		this.services = gauge("servicepool.target.services", "Services of a target", "services", registry);
		this.inFlight = gauge("servicepool.target.in.flight", "Requests in flight at the services of a target",
				"requests", registry);
		this.limit = gauge("servicepool.target.limit",
				"Requests that the services of a target take at a time, as far as is known", "requests", registry);
		refresh();
	}

	private MultiGauge gauge(String name, String description, String unit, MeterRegistry registry) {
		return MultiGauge.builder(name)
			.description(description)
			.baseUnit(unit)
			.tag("pool", this.pool.name())
			.register(registry);
	}

	/** Services have come or gone: see which targets there are. */
	void refresh() {
		List<String> targets = this.pool.snapshot()
			.services()
			.stream()
			.map(PoolSnapshot.ServiceSnapshot::target)
			.distinct()
			.sorted()
			.toList();
		register(targets);
	}

	private synchronized void register(List<String> targets) {
		if (!this.removed) {
			this.services.register(rows(targets, (member) -> 1), true);
			this.inFlight.register(rows(targets, PoolSnapshot.ServiceSnapshot::inFlight), true);
			this.limit.register(rows(targets, TargetMeters::limit), true);
		}
	}

	/** No number if there is no limit. */
	private static double limit(PoolSnapshot.ServiceSnapshot member) {
		return member.learnedLimit().isPresent() ? member.learnedLimit().getAsInt() : Double.NaN;
	}

	private List<MultiGauge.Row<?>> rows(List<String> targets, ToDoubleFunction<PoolSnapshot.ServiceSnapshot> value) {
		List<String> named = targets.subList(0, Math.min(MOST, targets.size()));
		List<MultiGauge.Row<?>> rows = new ArrayList<>();
		for (String target : named) {
			rows.add(row(target, target::equals, value));
		}
		if (named.size() < targets.size()) {
			rows.add(row(OTHERS, (target) -> !named.contains(target), value));
		}
		return rows;
	}

	private MultiGauge.Row<?> row(String tag, Predicate<String> targets,
			ToDoubleFunction<PoolSnapshot.ServiceSnapshot> value) {
		return MultiGauge.Row.<Pool<?, ?>>of(Tags.of("target", tag), this.pool,
				(pool) -> pool.snapshot()
					.services()
					.stream()
					.filter((member) -> targets.test(member.target()))
					.mapToDouble(value)
					.sum());
	}

	/** The pool is closed. Events of it may still be on their way. */
	synchronized void remove() {
		register(List.of());
		this.removed = true;
	}

}
