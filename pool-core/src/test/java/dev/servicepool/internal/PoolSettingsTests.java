package dev.servicepool.internal;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolSettings;
import dev.servicepool.Target;
import dev.servicepool.OutlierDetection;
import dev.servicepool.OutlierDetectionBuilder;
import dev.servicepool.InvalidSettingException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The default settings, and the messages of invalid ones.
 */
class PoolSettingsTests {

	@Test
	void defaultSettings() {
		PoolSettings settings = PoolFixture.of((pool) -> pool).pool.settings();
		assertThat(settings.initial()).isEqualTo(0.1);
		assertThat(settings.underutilizedBelow()).isEqualTo(0.00001);
		assertThat(settings.loadedAbove()).isEqualTo(0.2);
		assertThat(settings.urgency()).isEqualTo(0.03);
		assertThat(settings.minServices()).isOne();
		assertThat(settings.maxServices()).isEqualTo(PoolSettings.UNLIMITED);
		assertThat(settings.maxConcurrency()).isEqualTo(PoolSettings.UNLIMITED);
		assertThat(settings.acquireTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(settings.maxWaiting()).isEqualTo(1000);
		assertThat(settings.createTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(settings.backoff()).isEqualTo(Duration.ofMillis(100));
		assertThat(settings.maxBackoff()).isEqualTo(Duration.ofSeconds(10));
		assertThat(settings.closeTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(settings.replaceRatio()).isEqualTo(0.25);
	}

	@Test
	void invalidSettingIsReportedWithConstraintAndValue() {
		assertInvalid((pool) -> pool.initial(Double.NaN), "initial must be between 0 and 1 but was NaN");
		assertInvalid((pool) -> pool.initial(-0.1), "initial must be between 0 and 1 but was -0.1");
		assertInvalid((pool) -> pool.loadedAbove(Double.NaN), "loadedAbove must be between 0 and 1 but was NaN");
		assertInvalid((pool) -> pool.underutilizedBelow(Double.NaN),
				"underutilizedBelow must be between 0 and 1 but was NaN");
		assertInvalid((pool) -> pool.loadedAbove(1.1), "loadedAbove must be between 0 and 1 but was 1.1");
		assertInvalid((pool) -> pool.underutilizedBelow(0.15),
				"underutilizedBelow must be at most initial (0.1) but was 0.15");
		assertInvalid((pool) -> pool.loadedAbove(0.05), "loadedAbove must be at least initial (0.1) but was 0.05");
		assertInvalid((pool) -> pool.urgency(Double.NaN), "urgency must be between 0 and 1 but was NaN");
		assertInvalid((pool) -> pool.replaceRatio(1.5), "replaceRatio must be between 0 and 1 but was 1.5");
		assertInvalid((pool) -> pool.replaceRatio(Double.NaN), "replaceRatio must be between 0 and 1 but was NaN");
		assertInvalid((pool) -> pool.minServices(0), "minServices must be at least 1 but was 0");
		assertInvalid((pool) -> pool.maxServices(-1), "maxServices must be at least 1 but was -1");
		assertInvalid((pool) -> pool.maxConcurrency(0), "maxConcurrency must be at least 1 but was 0");
		assertInvalid((pool) -> pool.maxWaiting(0), "maxWaiting must be at least 1 but was 0");
		assertInvalid((pool) -> pool.minServices(3).maxServices(2),
				"minServices must be at most maxServices (2) but was 3");
		assertInvalid((pool) -> pool.maxServices(1).targets(Target.of("a"), Target.of("b")),
				"maxServices must be at least the number of targets (2) but was 1");
		assertInvalid((pool) -> pool.targets(Target.of("a"), Target.of("a")),
				"targets must contain each target only once but was [a, a]");
		assertInvalid((pool) -> pool.acquireTimeout(Duration.ofSeconds(-1)),
				"acquireTimeout must not be negative but was PT-1S");
		assertInvalid((pool) -> pool.createTimeout(Duration.ZERO),
				"createTimeout must be greater than zero but was PT0S");
		assertInvalid((pool) -> pool.backoff(Duration.ofMinutes(1)),
				"maxBackoff must be at least backoff (PT1M) but was PT10S");
		assertInvalid((pool) -> pool.name(" "), "name must contain text but was blank");
	}

	@Test
	void defaultOutlierDetectionSettings() {
		assertThat(PoolFixture.of((pool) -> pool).pool.settings().outlierDetection()).isEqualTo(new OutlierDetection(5,
				0.5, 20, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMinutes(5)));
	}

	@Test
	void invalidOutlierDetectionSettingIsReported() {
		assertInvalidDetection((detection) -> detection.consecutiveFailures(-1),
				"consecutiveFailures must not be negative but was -1");
		assertInvalidDetection((detection) -> detection.failureRate(Double.NaN),
				"failureRate must be between 0 and 1 but was NaN");
		assertInvalidDetection((detection) -> detection.requestVolume(0), "requestVolume must be at least 1 but was 0");
		assertInvalidDetection((detection) -> detection.interval(Duration.ZERO),
				"interval must be greater than zero but was PT0S");
		assertInvalidDetection((detection) -> detection.baseEjectionTime(Duration.ofSeconds(-1)),
				"baseEjectionTime must be greater than zero but was PT-1S");
		assertInvalidDetection((detection) -> detection.maxEjectionTime(Duration.ofSeconds(1)),
				"maxEjectionTime must be at least baseEjectionTime (PT10S) but was PT1S");
	}

	private void assertInvalidDetection(Consumer<OutlierDetectionBuilder> options, String message) {
		assertInvalid((pool) -> pool.outlierDetection(options), "outlierDetection." + message);
	}

	@Test
	void urgencyOutsideRangeIsClampedWithWarning() {
		try (LogRecords log = new LogRecords()) {
			assertThat(PoolFixture.of((pool) -> pool.urgency(7)).pool.settings().urgency()).isEqualTo(1);
			assertThat(PoolFixture.of((pool) -> pool.urgency(-1)).pool.settings().urgency()).isZero();
			assertThat(log.messages()).containsExactly(
					"WARNING Pool 'test': urgency must be between 0 and 1 but was 7; using 1",
					"WARNING Pool 'test': urgency must be between 0 and 1 but was -1; using 0");
		}
	}

	@Test
	void urgencyAtEndsOfRangeIsUsedWithoutWarning() {
		try (LogRecords log = new LogRecords()) {
			assertThat(PoolFixture.of((pool) -> pool.urgency(1)).pool.settings().urgency()).isEqualTo(1);
			assertThat(PoolFixture.of((pool) -> pool.urgency(0)).pool.settings().urgency()).isZero();
			assertThat(log.messages()).isEmpty();
		}
	}

	private void assertInvalid(UnaryOperator<PoolBuilder> options, String message) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> PoolFixture.of(options))
			.withMessage(message);
	}

}
