package dev.servicepool.internal.util;

import java.time.Duration;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link Figures}.
 */
class FiguresTests {

	@ParameterizedTest
	@CsvSource({ "0, 0", "-0.0, 0", "1, 1", "0.5, 0.5", "0.2014, 0.201", "0.2016, 0.202", "0.9999, 1", "9.996, 10",
			"99.96, 100", "999.6, 1000", "100, 100", "1234, 1230", "123456789, 123000000", "-12.345, -12.3",
			"0.00000974, 0.00000974", "1e-14, 0.00000000000001", "1e-16, 0", "-1e-16, 0" })
	void numberHasThreeSignificantDigits(double value, String formatted) {
		assertThat(Figures.of(value)).isEqualTo(formatted);
	}

	@Test
	void formattedNumberIsCloseToNumber() {
		Random random = new Random(1);
		for (int i = 0; i < 100_000; i++) {
			double value = Math.pow(10, random.nextDouble(-12, 17));
			String formatted = Figures.of(value);
			assertThat(Double.parseDouble(formatted)).isCloseTo(value, within(value * 0.00501));
			assertThat(formatted).doesNotContain("E").doesNotMatch("0\\d.*|.*\\.0*|.*\\.\\d*0");
		}
	}

	@Test
	void durationHasUnits() {
		assertThat(Figures.of(Duration.ofMillis(90_250))).isEqualTo("1m30.25s");
	}

	@Test
	void onlyOneThingIsSingular() {
		assertThat(Figures.count(1, "service")).isEqualTo("1 service");
		assertThat(Figures.count(2, "service")).isEqualTo("2 services");
	}

}
