package dev.servicepool.spring.actuate;

import java.util.Collection;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;

/**
 * {@link CompositeHealthContributor} with a contributor for each pool. The contributors
 * read snapshots of the pools and send no requests.
 */
public final class PoolHealthContributor implements CompositeHealthContributor {

	private final Supplier<? extends Collection<? extends Pool<?, ?>>> pools;

	private final Function<String, ? extends @Nullable Pool<?, ?>> byName;

	private final Predicate<String> outOfService;

	/**
	 * Create the contributor.
	 * @param pools supplies the pools; called for each request; pool names must be unique
	 * @param byName finds a pool by its name; called for each request
	 * @param outOfService tests the name of a pool; if the result is {@code true}, the
	 * pool reports {@code OUT_OF_SERVICE} while it cannot serve requests; otherwise, the
	 * pool always reports {@code UP}
	 */
	public PoolHealthContributor(Supplier<? extends Collection<? extends Pool<?, ?>>> pools,
			Function<String, ? extends @Nullable Pool<?, ?>> byName, Predicate<String> outOfService) {
		this.pools = pools;
		this.byName = byName;
		this.outOfService = outOfService;
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		Pool<?, ?> pool = this.byName.apply(name);
		return (pool != null) ? indicator(pool) : null;
	}

	@Override
	public Stream<Entry> stream() {
		return this.pools.get().stream().map((pool) -> new Entry(pool.name(), indicator(pool)));
	}

	private HealthContributor indicator(Pool<?, ?> pool) {
		return new PoolHealthIndicator(pool, this.outOfService.test(pool.name()));
	}

}
