package dev.servicepool.spring.actuate;

import java.util.ArrayList;
import java.util.List;

import dev.servicepool.Pool;
import dev.servicepool.PoolSettings;
import dev.servicepool.Service;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolEndpoint}.
 */
class PoolEndpointTests {

	@Test
	void endpointShowsCurrentPools() {
		List<Pool<?, ?>> pools = new ArrayList<>();
		PoolEndpoint endpoint = new PoolEndpoint(() -> pools,
				(name) -> pools.stream().filter((pool) -> pool.name().equals(name)).findFirst().orElse(null));
		assertThat(endpoint.pools().pools()).isEmpty();
		try (Pool<String, Integer> pool = Pool.builder()
			.name("lengths")
			.build((target) -> Service.of(String::length))) {
			pools.add(pool);
			assertThat(endpoint.pools().pools()).containsOnlyKeys("lengths");
			assertThat(endpoint.pools().pools().get("lengths").lastDecision()).isNull();
			PoolEndpoint.PoolDescriptor description = endpoint.pool("lengths");
			assertThat(description).isNotNull();
			assertThat(description.events()).isEmpty();
			assertThat(endpoint.pool("Lengths")).isNull();
		}
	}

	@Test
	void numbersThatJsonCannotRepresentAreNull() {
		assertThat(PoolEndpoint.finite(Double.NaN)).isNull();
		assertThat(PoolEndpoint.finite(Double.POSITIVE_INFINITY)).isNull();
		assertThat(PoolEndpoint.finite(0.1)).isEqualTo(0.1);
		assertThat(PoolEndpoint.limit(PoolSettings.UNLIMITED)).isNull();
		assertThat(PoolEndpoint.limit(20)).isEqualTo(20);
	}

}
