package dev.servicepool.spring.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

import dev.servicepool.Pool;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Ticker;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Meters of one pool in one registry.
 */
final class PoolMeters {

	private static final double MILLIS_PER_DAY = Duration.ofDays(1).toMillis();

	private final Pool<?, ?> pool;

	private final MeterRegistry registry;

	/** Strong reference, because meters have only weak ones. */
	private final ScrapeSnapshot snapshot;

	private final TargetMeters targets;

	private final Timer acquire;

	private final Timer lease;

	private final Timer creation;

	/**
	 * All meters except those of the targets. Filled by the constructor, then only read.
	 */
	private final List<Meter> meters = new ArrayList<>();

	PoolMeters(Pool<?, ?> pool, EventCounts counts, @Nullable Supplier<@Nullable Instant> certificateExpiry,
			MeterRegistry registry, Duration maxAge) {
		this.pool = pool;
		this.registry = registry;
		this.snapshot = new ScrapeSnapshot(pool, maxAge, Ticker.system());
		this.targets = new TargetMeters(pool, this.snapshot, registry);
		this.acquire = timer("servicepool.acquire", "Time that callers waited until they acquired a service");
		this.lease = timer("servicepool.lease", "Time for which leases were active");
		this.creation = timer("servicepool.creation", "Time to create a service");
		addServices();
		addSizing();
		addOutage();
		addCalls();
		addCreations();
		addEvents(counts);
		if (certificateExpiry != null) {
			addCertificate(certificateExpiry);
		}
	}

	private void addCertificate(Supplier<@Nullable Instant> expiry) {
		this.meters.add(Gauge
			.builder("servicepool.client.certificate.expiry", expiry,
					(certificate) -> daysUntil(certificate.get(), this.registry.config().clock().wallTime()))
			.description("Days until the client certificate expires, or NaN if the SSL bundle contains none")
			.baseUnit("days")
			.tags(tags())
			.strongReference(true)
			.register(this.registry));
	}

	private static double daysUntil(@Nullable Instant expiry, long nowMillis) {
		return (expiry != null) ? (expiry.toEpochMilli() - nowMillis) / MILLIS_PER_DAY : Double.NaN;
	}

	private void addServices() {
		services("ready", PoolSnapshot.Size::ready);
		services("busy", PoolSnapshot.Size::busy);
		services("pending", PoolSnapshot.Size::pending);
		services("paused", PoolSnapshot.Size::paused);
		services("ejected", PoolSnapshot.Size::ejected);
		services("draining", PoolSnapshot.Size::draining);
		services("closing", PoolSnapshot.Size::closing);
		services("creating", PoolSnapshot.Size::creating);
	}

	private void services(String state, ToIntFunction<PoolSnapshot.Size> count) {
		add(gauge("servicepool.services", "Services by state", (snapshot) -> count.applyAsInt(snapshot.size()))
			.tag("state", state));
	}

	private void addSizing() {
		add(gauge("servicepool.size.min", "Minimum number of services, at least the number of preferred targets",
				(snapshot) -> snapshot.settings().minServices()));
		add(gauge("servicepool.size.max", "Maximum number of services, or NaN if there is no limit",
				(snapshot) -> limit(snapshot.settings().maxServices())));
		add(gauge("servicepool.load.estimate", "Load estimate that determines the number of services, from 0 to 1",
				(snapshot) -> snapshot.load().estimate()));
		threshold("low", (snapshot) -> snapshot.settings().underutilizedBelow());
		threshold("high", (snapshot) -> snapshot.settings().loadedAbove());
		add(gauge("servicepool.level", "Level of the load estimate: -1 for low, 0 for normal, 1 for high",
				PoolMeters::level));
		add(gauge("servicepool.in.flight", "Requests in flight", (snapshot) -> snapshot.load().inFlight()));
		add(gauge("servicepool.waiting", "Callers that wait for a service", (snapshot) -> snapshot.load().waiting()));
	}

	private void addOutage() {
		add(gauge("servicepool.outage",
				"1 during an outage: at least 5 calls ended within 10 seconds, and none of them succeeded; otherwise 0",
				(snapshot) -> (snapshot.health().outage() != null) ? 1 : 0));
	}

	private void threshold(String level, ToDoubleFunction<PoolSnapshot> value) {
		add(gauge("servicepool.threshold",
				"Thresholds of the load estimate: the pool removes a service below 'low', and creates one above 'high'",
				value)
			.tag("level", level));
	}

	private static double limit(int services) {
		return (services == PoolSettings.UNLIMITED) ? Double.NaN : services;
	}

	private static int level(PoolSnapshot snapshot) {
		return switch (snapshot.load().level()) {
			case LOW -> -1;
			case NORMAL -> 0;
			case HIGH -> 1;
		};
	}

	private void addCalls() {
		calls("SUCCESS", PoolSnapshot.Calls::succeeded);
		calls("FAILURE", PoolSnapshot.Calls::failed);
		calls("IGNORED", PoolSnapshot.Calls::ignored);
		calls("UNSENT", PoolSnapshot.Calls::unsent);
		calls("UNKNOWN", PoolSnapshot.Calls::unknown);
		calls("REJECTED", PoolSnapshot.Calls::rejected);
		calls("TIMEOUT", PoolSnapshot.Calls::timedOut);
	}

	private void calls(String outcome, ToLongFunction<PoolSnapshot.Calls> count) {
		add(counter("servicepool.calls", "Calls by outcome", (snapshot) -> count.applyAsLong(snapshot.totals().calls()))
			.tag("outcome", outcome));
	}

	private void addCreations() {
		creations("SUCCESS", PoolSnapshot.Creations::created);
		creations("FAILURE", PoolSnapshot.Creations::failed);
		creations("DISCARDED", PoolSnapshot.Creations::discardedLate);
	}

	private void creations(String outcome, ToLongFunction<PoolSnapshot.Creations> count) {
		add(counter("servicepool.creations", "Attempts to create a service by outcome",
				(snapshot) -> count.applyAsLong(snapshot.totals().creations()))
			.tag("outcome", outcome));
	}

	private void addEvents(EventCounts counts) {
		add(counter("servicepool.retries", "Further attempts of requests that a server may have processed",
				(snapshot) -> snapshot.totals().retries().attempts()));
		add(counter("servicepool.hedges", "Requests that were sent a second time because they took long",
				(snapshot) -> snapshot.totals().retries().hedges()));
		add(counter("servicepool.hedges.won", "Hedges whose response began before that of the first attempt",
				(snapshot) -> snapshot.totals().retries().hedgesWon()));
		add(counter("servicepool.retries.denied", "Further attempts of requests that the budget denied",
				(snapshot) -> snapshot.totals().retries().denied()));
		add(counter("servicepool.ejections", "Ejections of services because of failures",
				(snapshot) -> snapshot.totals().ejections()));
		for (Reason reason : Reason.values()) {
			if (reason.type() == Type.VETOED) {
				add(counter("servicepool.vetoes", "Size changes that the load required and the pool vetoed", counts,
						reason));
			}
			else {
				add(counter("servicepool.retirements", "Retired services by reason", counts, reason));
			}
		}
		add(FunctionCounter.builder("servicepool.leaks", counts, EventCounts::leaks)
			.description("Leases that were active for longer than the leak detection threshold")
			.tags(tags()));
	}

	private FunctionCounter.Builder<EventCounts> counter(String name, String description, EventCounts counts,
			Reason reason) {
		return FunctionCounter.builder(name, counts, (events) -> events.of(reason))
			.description(description)
			.tags(tags())
			.tag("reason", reason.code());
	}

	private FunctionCounter.Builder<ScrapeSnapshot> counter(String name, String description,
			ToLongFunction<PoolSnapshot> count) {
		return FunctionCounter.builder(name, this.snapshot, (snapshot) -> count.applyAsLong(snapshot.get()))
			.description(description)
			.tags(tags());
	}

	private Gauge.Builder<ScrapeSnapshot> gauge(String name, String description, ToDoubleFunction<PoolSnapshot> value) {
		return Gauge.builder(name, this.snapshot, (snapshot) -> value.applyAsDouble(snapshot.get()))
			.description(description)
			.tags(tags());
	}

	private Timer timer(String name, String description) {
		Timer timer = Timer.builder(name).description(description).tags(tags()).register(this.registry);
		this.meters.add(timer);
		return timer;
	}

	private void add(FunctionCounter.Builder<?> counter) {
		this.meters.add(counter.register(this.registry));
	}

	private void add(Gauge.Builder<?> gauge) {
		this.meters.add(gauge.register(this.registry));
	}

	private Tags tags() {
		return Tags.of("pool", this.pool.name());
	}

	void acquired(long waitedNanos) {
		this.acquire.record(waitedNanos, TimeUnit.NANOSECONDS);
	}

	void released(long activeNanos) {
		this.lease.record(activeNanos, TimeUnit.NANOSECONDS);
	}

	void created(long elapsedNanos) {
		this.creation.record(elapsedNanos, TimeUnit.NANOSECONDS);
	}

	/** Update the meters of the targets after services have joined or closed. */
	void targetsChanged() {
		this.targets.refresh();
	}

	/** Remove all meters after the pool is closed. */
	void remove() {
		this.meters.forEach(this.registry::remove);
		this.targets.remove();
	}

}
