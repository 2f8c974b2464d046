package dev.servicepool.spring.actuate;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.servicepool.Pool;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@link Endpoint @Endpoint} that shows the state of the pools. All operations are reads.
 */
@Endpoint(id = "pool", defaultAccess = Access.READ_ONLY)
public final class PoolEndpoint {

	private final Supplier<? extends Collection<? extends Pool<?, ?>>> pools;

	private final Function<String, ? extends @Nullable Pool<?, ?>> byName;

	/**
	 * Create the endpoint.
	 * @param pools supplies the pools; called for each request; pool names must be unique
	 * @param byName finds a pool by its name; called for each request
	 */
	public PoolEndpoint(Supplier<? extends Collection<? extends Pool<?, ?>>> pools,
			Function<String, ? extends @Nullable Pool<?, ?>> byName) {
		this.pools = pools;
		this.byName = byName;
	}

	/**
	 * Describe all pools.
	 * @return a summary of each pool, by name
	 */
	@ReadOperation
	public PoolsDescriptor pools() {
		Map<String, PoolSummary> summaries = new TreeMap<>();
		for (Pool<?, ?> pool : this.pools.get()) {
			summaries.put(pool.name(), PoolSummary.of(pool.snapshot()));
		}
		return new PoolsDescriptor(summaries);
	}

	/**
	 * Describe one pool with its services and its last events.
	 * @param name the name of the pool, ignoring case and dashes
	 * @return the description, or {@code null} if no pool has that name
	 */
	@ReadOperation
	public @Nullable PoolDescriptor pool(@Selector String name) {
		Pool<?, ?> pool = this.byName.apply(name);
		return (pool != null) ? PoolDescriptor.of(pool.snapshot()) : null;
	}

}
