package dev.servicepool;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The defaults, and what is refused.
 */
class PoolSettingsTests {

	@Test
	void theDefaults() {
		PoolSettings settings = PoolFixture.of((pool) -> pool).pool.settings();
		assertThat(settings.initial()).isEqualTo(0.1);
		assertThat(settings.underutilizedBelow()).isEqualTo(0.00001);
		assertThat(settings.loadedAbove()).isEqualTo(0.2);
		assertThat(settings.urgency()).isEqualTo(0.03);
		assertThat(settings.minServices()).isOne();
		assertThat(settings.maxServices()).isEqualTo(PoolBuilder.UNLIMITED);
		assertThat(settings.maxConcurrency()).isEqualTo(PoolBuilder.UNLIMITED);
		assertThat(settings.acquireTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(settings.maxWaiting()).isEqualTo(1000);
		assertThat(settings.createTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(settings.backoff()).isEqualTo(Duration.ofMillis(100));
		assertThat(settings.maxBackoff()).isEqualTo(Duration.ofSeconds(10));
		assertThat(settings.closeTimeout()).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void aBadValueIsRefusedByNameValueAndRemedy() {
		refused((pool) -> pool.initial(Double.NaN), "initial is NaN; it must be between 0 and 1");
		refused((pool) -> pool.initial(-0.1), "initial is -0.1; it must be between 0 and 1");
		refused((pool) -> pool.loadedAbove(Double.NaN), "loadedAbove is NaN; it must be between 0 and 1");
		refused((pool) -> pool.underutilizedBelow(Double.NaN), "underutilizedBelow is NaN; it must be between 0 and 1");
		refused((pool) -> pool.loadedAbove(1.1), "loadedAbove is 1.1; it must be between 0 and 1");
		refused((pool) -> pool.underutilizedBelow(0.15),
				"underutilizedBelow is 0.15; it must not be above initial, which is 0.1");
		refused((pool) -> pool.loadedAbove(0.05), "loadedAbove is 0.05; it must not be below initial, which is 0.1");
		refused((pool) -> pool.urgency(Double.NaN), "urgency is NaN; it must be between 0 and 1");
		refused((pool) -> pool.minServices(0), "minServices is 0; it must be at least 1");
		refused((pool) -> pool.maxServices(-1), "maxServices is -1; it must be at least 1");
		refused((pool) -> pool.maxConcurrency(0), "maxConcurrency is 0; it must be at least 1");
		refused((pool) -> pool.maxWaiting(0), "maxWaiting is 0; it must be at least 1");
		refused((pool) -> pool.minServices(3).maxServices(2),
				"minServices is 3; it must not be above maxServices, which is 2");
		refused((pool) -> pool.maxServices(1).targets(Target.of("a"), Target.of("b")),
				"maxServices is 1; it must be at least the number of targets, which is 2");
		refused((pool) -> pool.targets(Target.of("a"), Target.of("a")), "targets is a; each target must be given once");
		refused((pool) -> pool.acquireTimeout(Duration.ofSeconds(-1)),
				"acquireTimeout is PT-1S; it must not be negative");
		refused((pool) -> pool.createTimeout(Duration.ZERO), "createTimeout is PT0S; it must be greater than zero");
		refused((pool) -> pool.backoff(Duration.ofMinutes(1)), "maxBackoff is PT10S; it must not be below backoff");
		refused((pool) -> pool.name(" "), "name is blank");
	}

	@Test
	void theDefaultsOfOutlierDetection() {
		assertThat(PoolFixture.of((pool) -> pool).pool.settings().outlierDetection()).isEqualTo(new OutlierDetection(5,
				0.5, 20, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMinutes(5)));
	}

	@Test
	void aBadValueOfOutlierDetectionIsRefusedLikewise() {
		detectionRefused((detection) -> detection.consecutiveFailures(-1),
				"consecutiveFailures is -1; it must not be negative; 0 is never");
		detectionRefused((detection) -> detection.failureRate(Double.NaN),
				"failureRate is NaN; it must be between 0 and 1; 0 is never");
		detectionRefused((detection) -> detection.requestVolume(0), "requestVolume is 0; it must be at least 1");
		detectionRefused((detection) -> detection.interval(Duration.ZERO),
				"interval is PT0S; it must be greater than zero");
		detectionRefused((detection) -> detection.baseEjectionTime(Duration.ofSeconds(-1)),
				"baseEjectionTime is PT-1S; it must be greater than zero");
		detectionRefused((detection) -> detection.maxEjectionTime(Duration.ofSeconds(1)),
				"maxEjectionTime is PT1S; it must not be below baseEjectionTime, which is PT10S");
	}

	private void detectionRefused(Consumer<OutlierDetectionBuilder> options, String message) {
		refused((pool) -> pool.outlierDetection(options), "outlierDetection." + message);
	}

	@Test
	void anUrgencyOutsideOfItsRangeIsClampedWithAWarning() {
		try (LogRecords log = new LogRecords()) {
			assertThat(PoolFixture.of((pool) -> pool.urgency(7)).pool.settings().urgency()).isEqualTo(1);
			assertThat(PoolFixture.of((pool) -> pool.urgency(-1)).pool.settings().urgency()).isZero();
			assertThat(log.messages()).containsExactly("WARNING Pool 'test': urgency 7 is outside of 0 to 1, 1 is used",
					"WARNING Pool 'test': urgency -1 is outside of 0 to 1, 0 is used");
		}
	}

	@Test
	void anUrgencyAtTheEndsOfItsRangeIsUsedWithoutAWarning() {
		try (LogRecords log = new LogRecords()) {
			assertThat(PoolFixture.of((pool) -> pool.urgency(1)).pool.settings().urgency()).isEqualTo(1);
			assertThat(PoolFixture.of((pool) -> pool.urgency(0)).pool.settings().urgency()).isZero();
			assertThat(log.messages()).isEmpty();
		}
	}

	private void refused(UnaryOperator<PoolBuilder> options, String message) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> PoolFixture.of(options))
			.withMessageStartingWith(message);
	}

}
