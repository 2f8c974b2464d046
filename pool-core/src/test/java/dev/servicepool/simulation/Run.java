package dev.servicepool.simulation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

import dev.servicepool.PoolBuilder;

/**
 * What a simulation depends on, and nothing else: it comes out the same each time. So one
 * that several tests look at is run once.
 *
 * @param scenario what the pool has to cope with
 * @param options sets the options of the pool
 * @param seed where the random numbers start
 */
record Run(Scenario scenario, BiFunction<PoolBuilder, Scenario, PoolBuilder> options, long seed) {

	private static final Map<Run, Outcome> outcomes = new ConcurrentHashMap<>();

	/** Return what comes of a simulation. */
	static Outcome outcome(Scenario scenario, Policy policy, long seed) {
		Run run = new Run(scenario, policy.options(), seed);
		Outcome known = outcomes.get(run);
		if (known != null) {
			return known;
		}
		Outcome outcome = Simulation.run(scenario, policy, seed);
		outcomes.put(run, outcome);
		return outcome;
	}

}
