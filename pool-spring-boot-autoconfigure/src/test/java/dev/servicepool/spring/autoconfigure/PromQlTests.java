package dev.servicepool.spring.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PromQl} and {@link Scrape}.
 */
class PromQlTests {

	private static final Scrape SCRAPE = Scrape.of("""
			# TYPE calls_total counter
			calls_total{outcome="failed",pool="orders"} 1.0
			calls_total{outcome="timed-out",pool="orders"} 0.0
			load{pool="orders"} 0.1
			""");

	@Test
	void readsSelectorsAndGroupings() {
		PromQl expression = PromQl.of("sum by (pool) (rate(calls_total{outcome=~\"a|b\",pool=~\"$pool\"}[5m])) > 0.5");
		assertThat(expression.groupings()).containsExactly("pool");
		assertThat(expression.selectors()).containsExactly(new PromQl.Selector("calls_total", List
			.of(new PromQl.LabelMatcher("outcome", List.of("a", "b")), new PromQl.LabelMatcher("pool", List.of()))));
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`',
			value = { "load", "load > 0 and load < 1", "max without (pool) (load)",
					"sum by (pool) (increase(calls_total{outcome=\"timed-out\"}[1h30m])) / on (pool) load" })
	void acceptsValidExpression(String expression) {
		assertThatCode(() -> SCRAPE.check(PromQl.of(expression))).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`',
			value = { "(load; missing ')'", "load); unexpected ')'", "laod; unknown metric laod",
					"load{pol=\"orders\"}; load has no label pol",
					"calls_total{outcome=\"timed_out\"}; calls_total has no outcome \"timed_out\"",
					"calls_total{outcome=~\"failed|lost\"}; calls_total has no outcome \"lost\"",
					"sum by (state) (load); no series of the expression has the label state",
					"rate(calls_total); expected '[' but was ')'", "rate(calls_total[5]); rate without a duration",
					"load[5m]; '[' without a metric", "rats(load); unknown function: rats",
					"1 > 0; expression without a metric", "load{pool}; unexpected '}' after pool",
					"load{pool=orders}; pool without a value", "load{; unexpected end",
					"load & load; unknown token at: & load", "sum; sum without an argument" })
	void rejectsInvalidExpression(String expression, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> SCRAPE.check(PromQl.of(expression))).withMessage(message);
	}

}
