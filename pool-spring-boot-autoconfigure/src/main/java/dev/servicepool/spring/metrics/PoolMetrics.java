package dev.servicepool.spring.metrics;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.What;
import dev.servicepool.PoolListener;
import dev.servicepool.PoolSnapshot;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * The meters of the pools. As a listener of a pool it hears how long callers wait from
 * the pool's beginning; it times them from when it is bound to a registry, of which there
 * may be several. All other meters read the pool's snapshot.
 * <p>
 * Tags have few values: {@code pool}, and {@code state}, {@code outcome} or
 * {@code target}.
 */
public final class PoolMetrics implements MeterBinder, PoolListener {

	/** What brings and takes away services. */
	private static final Set<What> MEMBERSHIP = EnumSet.of(What.JOINED, What.DRAINED, What.EVICTED);

	private final Supplier<? extends Collection<? extends Pool<?, ?>>> pools;

	/** The timers of each pool, one per registry; used by any thread. */
	private final Map<String, List<Timer>> acquireTimers = new ConcurrentHashMap<>();

	/** The meters by target of each pool, one per registry; used by any thread. */
	private final Map<String, List<TargetMeters>> targetMeters = new ConcurrentHashMap<>();

	/**
	 * Create the metrics.
	 * @param pools the pools to measure, asked for at each binding; their names differ
	 */
	public PoolMetrics(Supplier<? extends Collection<? extends Pool<?, ?>>> pools) {
		this.pools = pools;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Pool<?, ?> pool : this.pools.get()) {
			new PoolMeters(pool, registry).register();
			this.acquireTimers.computeIfAbsent(pool.name(), (name) -> new CopyOnWriteArrayList<>())
				.add(acquireTimer(pool, registry));
			this.targetMeters.computeIfAbsent(pool.name(), (name) -> new CopyOnWriteArrayList<>())
				.add(new TargetMeters(pool, registry));
		}
	}

	private static Timer acquireTimer(Pool<?, ?> pool, MeterRegistry registry) {
		return Timer.builder("servicepool.acquire")
			.description("Time that callers waited until they got a service")
			.tag("pool", pool.name())
			.register(registry);
	}

	@Override
	public void onEvent(PoolEvent event) {
		if (MEMBERSHIP.contains(event.what())) {
			@Nullable List<TargetMeters> meters = this.targetMeters.get(event.pool());
			if (meters != null) {
				meters.forEach(TargetMeters::refresh);
			}
		}
	}

	@Override
	public void onAcquired(String pool, long waitedNanos) {
		@Nullable List<Timer> timers = this.acquireTimers.get(pool);
		if (timers != null) {
			timers.forEach((timer) -> timer.record(waitedNanos, TimeUnit.NANOSECONDS));
		}
	}

	/**
	 * The meters of one pool that read its snapshot.
	 */
	private record PoolMeters(Pool<?, ?> pool, MeterRegistry registry) {

		void register() {
			services("ready", PoolSnapshot.Services::ready);
			services("busy", PoolSnapshot.Services::busy);
			services("making", PoolSnapshot.Services::making);
			services("draining", PoolSnapshot.Services::draining);
			services("ejected", PoolSnapshot.Services::ejected);
			calls("succeeded", PoolSnapshot.Calls::succeeded);
			calls("failed", PoolSnapshot.Calls::failed);
			calls("unsent", PoolSnapshot.Calls::unsent);
			calls("unknown", PoolSnapshot.Calls::unknown);
			calls("rejected", PoolSnapshot.Calls::rejected);
			calls("timed-out", PoolSnapshot.Calls::timedOut);
			makes("made", PoolSnapshot.Makes::made);
			makes("failed", PoolSnapshot.Makes::failed);
			makes("discarded", PoolSnapshot.Makes::discardedLate);
			FunctionCounter
				.<Pool<?, ?>>builder("servicepool.ejections", this.pool, (pool) -> pool.snapshot().ejections())
				.tags(tags())
				.description("Services that were set aside for their failures")
				.baseUnit("ejections")
				.register(this.registry);
			gauge("servicepool.load", PoolSnapshot::load)
				.description("Load estimate that decides the number of services, between 0 and 1")
				.register(this.registry);
			gauge("servicepool.in.flight", PoolSnapshot::inFlight).description("Requests in flight")
				.baseUnit("requests")
				.register(this.registry);
			gauge("servicepool.waiting", PoolSnapshot::waiting).description("Callers that wait for a service")
				.baseUnit("callers")
				.register(this.registry);
		}

		private void services(String state, ToDoubleFunction<PoolSnapshot.Services> count) {
			gauge("servicepool.services", (snapshot) -> count.applyAsDouble(snapshot.services()))
				.description("Services by what they are doing")
				.baseUnit("services")
				.tag("state", state)
				.register(this.registry);
		}

		private void calls(String outcome, ToLongFunction<PoolSnapshot.Calls> count) {
			counter("servicepool.calls", outcome, (snapshot) -> count.applyAsLong(snapshot.calls()))
				.description("Calls by how they ended")
				.baseUnit("calls")
				.register(this.registry);
		}

		private void makes(String outcome, ToLongFunction<PoolSnapshot.Makes> count) {
			counter("servicepool.makes", outcome, (snapshot) -> count.applyAsLong(snapshot.makes()))
				.description("Attempts to make a service by how they ended")
				.baseUnit("attempts")
				.register(this.registry);
		}

		private FunctionCounter.Builder<Pool<?, ?>> counter(String name, String outcome,
				ToLongFunction<PoolSnapshot> count) {
			return FunctionCounter.<Pool<?, ?>>builder(name, this.pool, (pool) -> count.applyAsLong(pool.snapshot()))
				.tags(tags().and("outcome", outcome));
		}

		private Gauge.Builder<Pool<?, ?>> gauge(String name, ToDoubleFunction<PoolSnapshot> value) {
			return Gauge.<Pool<?, ?>>builder(name, this.pool, (pool) -> value.applyAsDouble(pool.snapshot()))
				.tags(tags());
		}

		private Tags tags() {
			return Tags.of("pool", this.pool.name());
		}

	}

}
