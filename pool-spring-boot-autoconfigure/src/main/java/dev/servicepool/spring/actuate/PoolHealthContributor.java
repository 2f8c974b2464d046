package dev.servicepool.spring.actuate;

import java.util.Collection;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;

/**
 * {@link CompositeHealthContributor} with a contributor for each pool. It looks at the
 * pools and sends no requests of its own.
 */
public final class PoolHealthContributor implements CompositeHealthContributor {

	private final Supplier<? extends Collection<? extends Pool<?, ?>>> pools;

	private final Predicate<String> outOfService;

	/**
	 * Create the contributor.
	 * @param pools the pools to look at, asked for each time; their names differ
	 * @param outOfService tells by the name of a pool whether it is to be out of service
	 * when no request can be served; if not, it is up whatever happens
	 */
	public PoolHealthContributor(Supplier<? extends Collection<? extends Pool<?, ?>>> pools,
			Predicate<String> outOfService) {
		this.pools = pools;
		this.outOfService = outOfService;
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		return stream().filter((entry) -> entry.name().equals(name)).map(Entry::contributor).findFirst().orElse(null);
	}

	@Override
	public Stream<Entry> stream() {
		return this.pools.get().stream().map((pool) -> new Entry(pool.name(), indicator(pool)));
	}

	private HealthContributor indicator(Pool<?, ?> pool) {
		return new PoolHealthIndicator(pool, this.outOfService.test(pool.name()));
	}

}
