package dev.servicepool.spring.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolListener;
import dev.servicepool.TimingListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the pools, see {@code docs/metrics.md}. Register this class as a listener of
 * the pools: it then counts their events even before it is bound to a registry. It
 * records durations only after it is bound, and it can be bound to several registries.
 * All other meters read the snapshot of the pool. The meters of a pool are removed when
 * the pool is closed.
 * <p>
 * Each meter has the tag {@code pool} and at most one of the tags {@code state},
 * {@code outcome}, {@code reason}, {@code level} and {@code target}. Each tag has few
 * values.
 */
public final class PoolMetrics implements MeterBinder, PoolListener, TimingListener {

	/** Events that change the set of services. */
	private static final Set<Type> MEMBERSHIP = EnumSet.of(Type.JOINED, Type.DRAINED, Type.EVICTED);

	private final Supplier<? extends Collection<? extends Pool<?, ?>>> pools;

	private final Function<String, ? extends @Nullable Supplier<@Nullable Instant>> certificateExpiry;

	/** The maximum age of the snapshot that the meters read. */
	private final Duration maxAge;

	/** Meters of each pool, one per registry. Used by any thread. */
	private final Map<String, List<PoolMeters>> meters = new ConcurrentHashMap<>();

	/** Counted events of each pool. Used by any thread. */
	private final Map<String, EventCounts> counts = new ConcurrentHashMap<>();

	/**
	 * Create the metrics.
	 * @param pools supplies the pools; called once for each meter registry; pool names
	 * must be unique
	 */
	public PoolMetrics(Supplier<? extends Collection<? extends Pool<?, ?>>> pools) {
		this(pools, (pool) -> null);
	}

	/**
	 * Create the metrics.
	 * @param pools supplies the pools; called once for each meter registry; pool names
	 * must be unique
	 * @param certificateExpiry returns for the name of a pool a supplier of the time at
	 * which its client certificate expires, or {@code null} if the pool uses no SSL
	 * bundle; the supplier returns {@code null} if there is no client certificate
	 */
	public PoolMetrics(Supplier<? extends Collection<? extends Pool<?, ?>>> pools,
			Function<String, ? extends @Nullable Supplier<@Nullable Instant>> certificateExpiry) {
		this(pools, certificateExpiry, ScrapeSnapshot.MAX_AGE);
	}

	PoolMetrics(Supplier<? extends Collection<? extends Pool<?, ?>>> pools, Duration maxAge) {
		this(pools, (pool) -> null, maxAge);
	}

	private PoolMetrics(Supplier<? extends Collection<? extends Pool<?, ?>>> pools,
			Function<String, ? extends @Nullable Supplier<@Nullable Instant>> certificateExpiry, Duration maxAge) {
		this.pools = pools;
		this.certificateExpiry = certificateExpiry;
		this.maxAge = maxAge;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Pool<?, ?> pool : this.pools.get()) {
			this.meters.computeIfAbsent(pool.name(), (name) -> new CopyOnWriteArrayList<>())
				.add(new PoolMeters(pool, countsOf(pool.name()), this.certificateExpiry.apply(pool.name()), registry,
						this.maxAge));
		}
	}

	private EventCounts countsOf(String pool) {
		return this.counts.computeIfAbsent(pool, (name) -> new EventCounts());
	}

	@Override
	public void onEvent(PoolEvent event) {
		if (EventCounts.areOf(event)) {
			countsOf(event.pool()).add(event);
		}
		if (MEMBERSHIP.contains(event.type())) {
			each(event.pool(), PoolMeters::targetsChanged);
		}
	}

	@Override
	public void onAcquired(String pool, long waitNanos) {
		each(pool, (meters) -> meters.acquired(waitNanos));
	}

	@Override
	public void onReleased(String pool, long activeNanos) {
		each(pool, (meters) -> meters.released(activeNanos));
	}

	@Override
	public void onCreated(String pool, long creationNanos) {
		each(pool, (meters) -> meters.created(creationNanos));
	}

	@Override
	public void onClosed(String pool) {
		each(pool, PoolMeters::remove);
		this.meters.remove(pool);
		this.counts.remove(pool);
	}

	private void each(String pool, Consumer<PoolMeters> action) {
		@Nullable List<PoolMeters> meters = this.meters.get(pool);
		if (meters != null) {
			meters.forEach(action);
		}
	}

}
