package dev.servicepool.simulation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

import dev.servicepool.PoolBuilder;

/**
 * All inputs of a simulation. Equal inputs produce equal outcomes, so that a simulation
 * that several tests use runs only once.
 *
 * @param scenario the scenario
 * @param options sets the options of the pool
 * @param seed the seed of the random numbers
 */
record Run(Scenario scenario, BiFunction<PoolBuilder, Scenario, PoolBuilder> options, long seed) {

	private static final Map<Run, Outcome> outcomes = new ConcurrentHashMap<>();

	/** Return the outcome of a simulation, and run it only if it is not known. */
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
