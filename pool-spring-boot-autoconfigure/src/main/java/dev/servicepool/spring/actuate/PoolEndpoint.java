package dev.servicepool.spring.actuate;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import dev.servicepool.Pool;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@link Endpoint @Endpoint} that shows the state of the pools. It changes nothing.
 */
@Endpoint(id = "pool", defaultAccess = Access.READ_ONLY)
public final class PoolEndpoint {

	private final Supplier<? extends Collection<? extends Pool<?, ?>>> pools;

	/**
	 * Create the endpoint.
	 * @param pools the pools to show, asked for at each request; their names differ
	 */
	public PoolEndpoint(Supplier<? extends Collection<? extends Pool<?, ?>>> pools) {
		this.pools = pools;
	}

	/**
	 * Describe all pools.
	 * @return a summary of each, by name
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
	 * Describe one pool with its services and its last decisions.
	 * @param name the name of the pool
	 * @return its description, or {@code null} if there is none of that name
	 */
	@ReadOperation
	public @Nullable PoolDescriptor pool(@Selector String name) {
		for (Pool<?, ?> pool : this.pools.get()) {
			if (pool.name().equals(name)) {
				return PoolDescriptor.of(pool.snapshot());
			}
		}
		return null;
	}

}
