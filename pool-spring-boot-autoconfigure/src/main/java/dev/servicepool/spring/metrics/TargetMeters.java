package dev.servicepool.spring.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;

/**
 * Meters of one pool for each of its targets. Targets change over time, so that only a
 * limited number of them has a tag value of its own. All others share one value.
 */
final class TargetMeters {

	/** Number of targets that have a tag value of their own. */
	static final int MOST = 20;

	private static final String OTHERS = "others";

	private final Pool<?, ?> pool;

	private final ScrapeSnapshot snapshot;

	private final MultiGauge services;

	private final MultiGauge inFlight;

	private final MultiGauge limit;

	/** Whether the meters are removed permanently. Guarded by this. */
	private boolean removed;

	TargetMeters(Pool<?, ?> pool, ScrapeSnapshot snapshot, MeterRegistry registry) {
		this.pool = pool;
		this.snapshot = snapshot;
		this.services = gauge("servicepool.target.services", "Services of a target", registry);
		this.inFlight = gauge("servicepool.target.in.flight", "Requests in flight at the services of a target",
				registry);
		this.limit = gauge("servicepool.target.limit",
				"Concurrent requests that the services of a target accept, as far as the pool knows", registry);
		refresh();
	}

	private MultiGauge gauge(String name, String description, MeterRegistry registry) {
		return MultiGauge.builder(name).description(description).tag("pool", this.pool.name()).register(registry);
	}

	/** Update the meters to the current targets after services have joined or closed. */
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
			this.services.register(rows(targets, (service) -> 1), true);
			this.inFlight.register(rows(targets, (service) -> service.load().inFlight()), true);
			this.limit.register(rows(targets, TargetMeters::limit), true);
		}
	}

	/** Return the limit, or NaN if there is none. */
	private static double limit(PoolSnapshot.ServiceSnapshot service) {
		OptionalInt limit = service.load().learnedLimit();
		return limit.isPresent() ? limit.getAsInt() : Double.NaN;
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
		return MultiGauge.Row.of(Tags.of("target", tag), this.snapshot,
				(snapshot) -> snapshot.get()
					.services()
					.stream()
					.filter((service) -> targets.test(service.target()))
					.mapToDouble(value)
					.sum());
	}

	/**
	 * Remove the meters after the pool is closed. Events of the pool may still arrive.
	 */
	synchronized void remove() {
		register(List.of());
		this.removed = true;
	}

}
