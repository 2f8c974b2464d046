package dev.servicepool.faults;

import dev.servicepool.faults.ZoneExperiment.Run;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The required results of a pool that prefers its own zone, beside a pool that ignores
 * zones and Spring Cloud's zone preference.
 */
@Tag("slow")
class ZoneTests {

	private static final double WARM_UP = ZoneExperiment.WARM_UP;

	private static final double LOST_AT = ZoneExperiment.LOST_AT;

	private static final double BACK_AT = ZoneExperiment.BACK_AT;

	private static final double SECONDS = ZoneExperiment.SECONDS;

	private static final double STEADY_SECONDS = ZoneExperiment.STEADY_SECONDS;

	/** The maximum number of services that are created or retired per minute. */
	private static final double MOST_RESIZES = 4;

	/**
	 * The maximum number of successors of services without a response: eight for each
	 * server, because the wait between them doubles up to one minute.
	 */
	private static final int MOST_SUCCESSORS = 8 * ZoneExperiment.OWN.length;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void callsStayInOwnZoneAtHalfLoad(long seed) {
		FaultScenario scenario = ZoneExperiment.steady(0.5);
		Run zones = ZoneExperiment.zones(scenario, seed);
		Run springCloud = ZoneExperiment.springCloud(scenario, false, seed);
		assertThat(zones.localPercent(WARM_UP, STEADY_SECONDS)).isGreaterThanOrEqualTo(99);
		assertThat(zones.resizesPerMinute(WARM_UP, STEADY_SECONDS)).isLessThanOrEqualTo(MOST_RESIZES);
		assertThat(zones.log().p99(WARM_UP, STEADY_SECONDS))
			.isLessThanOrEqualTo(1.1 * springCloud.log().p99(WARM_UP, STEADY_SECONDS));
	}

	/**
	 * The load is 150 % of what the own zone can serve, so that a third is the excess.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void onlyTheExcessUsesOtherZonesAtHighLoad(long seed) {
		FaultScenario scenario = ZoneExperiment.steady(1.5);
		Run zones = ZoneExperiment.zones(scenario, seed);
		Run without = ZoneExperiment.withoutZones(scenario, seed);
		Run springCloud = ZoneExperiment.springCloud(scenario, false, seed);
		double excess = 100.0 / 3;
		assertThat(100 - zones.localPercent(WARM_UP, STEADY_SECONDS)).isLessThanOrEqualTo(1.1 * excess);
		assertThat(zones.log().p99(WARM_UP, STEADY_SECONDS))
			.isLessThanOrEqualTo(1.1 * without.log().p99(WARM_UP, STEADY_SECONDS));
		assertThat(zones.resizesPerMinute(WARM_UP, STEADY_SECONDS)).isLessThanOrEqualTo(MOST_RESIZES);
		assertThat(zones.log().successPercent(0, STEADY_SECONDS)).isEqualTo(100);
		assertThat(springCloud.log().successPercent(WARM_UP, STEADY_SECONDS)).as("Spring Cloud").isLessThan(75);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void fewCallsFailWhenOwnZoneRefusesConnections(long seed) {
		checkLoss(Reply.failure(0.001), seed);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void fewCallsFailWhenOwnZoneDoesNotRespond(long seed) {
		checkLoss(Reply.silence(), seed);
	}

	private static void checkLoss(Reply reply, long seed) {
		FaultScenario scenario = ZoneExperiment.lost(reply, 0.5);
		Run zones = ZoneExperiment.zones(scenario, seed);
		Run springCloud = ZoneExperiment.springCloud(scenario, true, seed);
		assertThat(zones.log().successPercent(LOST_AT, BACK_AT)).isGreaterThanOrEqualTo(99.9);
		assertThat(zones.log().successPercent(BACK_AT, SECONDS)).isEqualTo(100);
		assertThat(zones.localPercent(BACK_AT + 30, SECONDS)).isGreaterThanOrEqualTo(99);
		assertThat(zones.resizesPerMinute(WARM_UP, SECONDS)).isLessThanOrEqualTo(MOST_RESIZES);
		assertThat(zones.successors()).isLessThanOrEqualTo(MOST_SUCCESSORS);
		assertThat(springCloud.log().successPercent(LOST_AT, BACK_AT)).as("Spring Cloud").isLessThan(30);
	}

}
