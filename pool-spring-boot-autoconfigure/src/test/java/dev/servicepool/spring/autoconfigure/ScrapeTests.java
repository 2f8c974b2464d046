package dev.servicepool.spring.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Scrape}.
 */
class ScrapeTests {

	private static final Scrape SCRAPE = Scrape.of("""
			# TYPE pool_calls_total counter
			pool_calls_total{outcome="failed",pool="orders"} 1.0
			pool_calls_total{outcome="timed-out",pool="orders"} 0.0
			pool_load{pool="orders"} 0.1
			""");

	@Test
	void acceptsExistingMetricsLabelsAndValues() {
		assertThat(SCRAPE.check("sum by (pool) (increase(pool_calls_total{outcome=~\"failed|timed-out\"}[1h]))"
				+ " / on (pool) max_over_time(pool_load{pool=~\"$pool\"}[$__rate_interval]) > 0.5"))
			.containsExactly("pool_calls_total", "pool_load");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1 > 0", "pool_laod", "rate(pool_laod[5m])", "pool_load{pol=\"orders\"}",
			"pool_calls_total{outcome=\"timed_out\"}", "pool_calls_total{outcome=~\"failed|lost\"}",
			"sum by (state) (pool_load)", "sum without (pool, state) (pool_load)" })
	void rejectsUnknownMetricsLabelsAndValues(String expression) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> SCRAPE.check(expression));
	}

}
