package dev.servicepool.simulation;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

import dev.servicepool.PoolBuilder;
import dev.servicepool.ScaleUp;

/**
 * The settings that determine how a pool chooses its size.
 *
 * @param name the name in the report
 * @param options sets the options of the pool for a scenario
 */
record Policy(String name, BiFunction<PoolBuilder, Scenario, PoolBuilder> options) {

	/** The original algorithm of tower: every low load level removes a service. */
	static final Policy ORIGINAL = with("original",
			(pool) -> pool.scaleUp(ScaleUp.SINGLE).headroomWindow(Duration.ZERO).idleTimeout(Duration.ZERO));

	/** The default settings. */
	static final Policy GUARDED = with("guarded", UnaryOperator.identity());

	/** A constant number of services that is sufficient for the peak. */
	static final Policy FIXED = new Policy("fixed", (pool, scenario) -> {
		int services = Math.max(scenario.targets, scenario.erlangServices());
		return pool.minServices(services).maxServices(services);
	});

	/** The default settings of pools of HTTP clients. */
	static final Policy HTTP = with("http", (pool) -> pool.maxServices(Scenarios.HTTP_SERVICES));

	static final List<Policy> ALL = List.of(ORIGINAL, GUARDED, FIXED);

	/** The default settings, each with one change. */
	static final List<Policy> SINGLE_CHANGES = List.of(new Policy("default settings", GUARDED.options()),
			with("`scale-up: single`", (pool) -> pool.scaleUp(ScaleUp.SINGLE)), window(1), window(3), window(30),
			window(60), with("`urgency: 0.01`", (pool) -> pool.urgency(0.01)),
			with("`urgency: 0.1`", (pool) -> pool.urgency(0.1)),
			with("`loaded-above: 0.1`", (pool) -> pool.loadedAbove(0.1)),
			with("`loaded-above: 0.5`", (pool) -> pool.loadedAbove(0.5)),
			with("`underutilized-below: 0.001`", (pool) -> pool.underutilizedBelow(0.001)),
			with("`underutilized-below: 1e-8`", (pool) -> pool.underutilizedBelow(1e-8)),
			with("`initial: 0.01`", (pool) -> pool.initial(0.01)));

	static Policy with(String name, UnaryOperator<PoolBuilder> options) {
		return new Policy(name, (pool, scenario) -> options.apply(pool));
	}

	private static Policy window(int seconds) {
		return with("`headroom-window: " + seconds + "s`", (pool) -> pool.headroomWindow(Duration.ofSeconds(seconds)));
	}

}
