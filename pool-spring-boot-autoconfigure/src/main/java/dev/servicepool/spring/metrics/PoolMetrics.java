package dev.servicepool.spring.metrics;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
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
 * The meters of the pools, see {@code docs/metrics.md}. As a listener of a pool it counts
 * from the pool's beginning; it times from when it is bound to a registry, of which there
 * may be several. Other meters read the pool's snapshot. When a pool is closed its meters
 * are removed.
 * <p>
 * Tags have few values: {@code pool}, and one of {@code state}, {@code outcome},
 * {@code reason}, {@code level} and {@code target}.
 */
public final class PoolMetrics implements MeterBinder, PoolListener, TimingListener {

	/** What brings and takes away services. */
	private static final Set<Type> MEMBERSHIP = EnumSet.of(Type.JOINED, Type.DRAINED, Type.EVICTED);

	private final Supplier<? extends Collection<? extends Pool<?, ?>>> pools;

	/** The meters of each pool, one per registry; used by any thread. */
	private final Map<String, List<PoolMeters>> meters = new ConcurrentHashMap<>();

	/** What each pool has decided so far; used by any thread. */
	private final Map<String, EventCounts> counts = new ConcurrentHashMap<>();

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
			this.meters.computeIfAbsent(pool.name(), (name) -> new CopyOnWriteArrayList<>())
				.add(new PoolMeters(pool, countsOf(pool.name()), registry));
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
