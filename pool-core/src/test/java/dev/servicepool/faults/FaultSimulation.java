package dev.servicepool.faults;

import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.function.UnaryOperator;

import dev.servicepool.internal.FakeTime;
import dev.servicepool.PoolBuilder;
import dev.servicepool.faults.Call.Result;

/**
 * One run of a scenario. Calls arrive at random (a Poisson process), or from callers that
 * call again as soon as their call has ended. A client sends the calls.
 */
final class FaultSimulation {

	/** A client that sends calls. */
	interface Client {

		void send(Call call);

		/** Record the final state after all calls have ended. */
		default void end(CallLog log) {
		}

	}

	/** Time within which all calls in flight end. */
	private static final double LEEWAY_SECONDS = 60;

	final FaultScenario scenario;

	final FakeTime time = new FakeTime();

	/** Separate random numbers, so that the calls are the same for all clients. */
	private final SplittableRandom arrivals;

	private final SplittableRandom replies;

	final SplittableRandom candidates;

	private final CallLog log = new CallLog();

	/** The number of calls that arrive together. */
	private int together = 1;

	/** The time at which the last backend joins, in seconds; 0 if it is there first. */
	double joinsAt;

	private FaultSimulation(FaultScenario scenario, long seed) {
		this.scenario = scenario;
		SplittableRandom seeds = new SplittableRandom(seed);
		this.arrivals = seeds.split();
		this.replies = seeds.split();
		this.candidates = seeds.split();
	}

	/** Run a scenario with a pool that has one service for each backend. */
	static CallLog pool(FaultScenario scenario, long seed) {
		return pool(scenario, seed, UnaryOperator.identity());
	}

	/**
	 * Run a scenario with a pool that has one service for each backend.
	 * @param options changes the settings of the pool
	 */
	static CallLog pool(FaultScenario scenario, long seed, UnaryOperator<PoolBuilder> options) {
		FaultSimulation simulation = new FaultSimulation(scenario, seed);
		return simulation.run(new PoolClient(simulation, CallPolicy.ONE_ATTEMPT, options));
	}

	/**
	 * Run a scenario with a pool that has one service for each backend.
	 * @param policy the way in which single calls are handled
	 * @param options changes the settings of the pool
	 */
	static CallLog pool(FaultScenario scenario, CallPolicy policy, long seed, UnaryOperator<PoolBuilder> options) {
		FaultSimulation simulation = new FaultSimulation(scenario, seed);
		return simulation.run(new PoolClient(simulation, policy, options));
	}

	/**
	 * Run a scenario in which several calls always arrive together.
	 * @param together the number of calls that arrive together
	 * @param policy the way in which single calls are handled
	 */
	static CallLog together(FaultScenario scenario, int together, CallPolicy policy, long seed) {
		FaultSimulation simulation = new FaultSimulation(scenario, seed);
		simulation.together = together;
		return simulation.run(new PoolClient(simulation, policy, UnaryOperator.identity()));
	}

	/**
	 * Run a scenario in which the last backend joins later.
	 * @param seconds the time at which it joins, in seconds
	 */
	static CallLog joining(FaultScenario scenario, double seconds, long seed) {
		FaultSimulation simulation = new FaultSimulation(scenario, seed);
		simulation.joinsAt = seconds;
		return simulation.run(new PoolClient(simulation, CallPolicy.ONE_ATTEMPT, UnaryOperator.identity()));
	}

	/** Run a scenario with a client that retries like Spring's {@code @Retryable}. */
	static CallLog retryable(FaultScenario scenario, long seed) {
		FaultSimulation simulation = new FaultSimulation(scenario, seed);
		return simulation.run(new RetryableClient(simulation));
	}

	/**
	 * Run a scenario with a client that uses round robin over changing backends.
	 * @param listed returns the backends that the client knows at a time, in seconds
	 */
	static CallLog roundRobin(FaultScenario scenario, DoubleFunction<int[]> listed, long seed) {
		FaultSimulation simulation = new FaultSimulation(scenario, seed);
		return simulation.run(new RoundRobinClient(simulation, listed));
	}

	/** Run a scenario with a client that uses round robin. */
	static CallLog roundRobin(FaultScenario scenario, long seed) {
		FaultSimulation simulation = new FaultSimulation(scenario, seed);
		return simulation.run(new RoundRobinClient(simulation));
	}

	/**
	 * Run callers that call a pool repeatedly.
	 * @param callers the number of callers
	 * @param calls the total number of calls
	 * @param options changes the settings of the pool
	 */
	static CallLog pool(FaultScenario scenario, int callers, int calls, long seed, UnaryOperator<PoolBuilder> options) {
		FaultSimulation simulation = new FaultSimulation(scenario, seed);
		return simulation.run(new PoolClient(simulation, CallPolicy.ONE_ATTEMPT, options), callers, calls);
	}

	/** Run callers that call a round-robin client repeatedly. */
	static CallLog roundRobin(FaultScenario scenario, int callers, int calls, long seed) {
		FaultSimulation simulation = new FaultSimulation(scenario, seed);
		return simulation.run(new RoundRobinClient(simulation), callers, calls);
	}

	private CallLog run(Client client) {
		scheduleArrival(client);
		this.time.advance(nanos(this.scenario.seconds() + LEEWAY_SECONDS));
		client.end(this.log);
		return this.log;
	}

	private void scheduleArrival(Client client) {
		double gap = -StrictMath.log(1 - this.arrivals.nextDouble()) * this.together / this.scenario.perSecond();
		if (seconds() + gap >= this.scenario.seconds()) {
			return;
		}
		after(gap, () -> {
			scheduleArrival(client);
			for (int call = 0; call < this.together; call++) {
				send(client, () -> {
				});
			}
		});
	}

	private void send(Client client, Runnable afterwards) {
		Call call = new Call(seconds(), afterwards);
		this.log.add(call);
		client.send(call);
	}

	private CallLog run(Client client, int callers, int calls) {
		for (int caller = 0; caller < callers; caller++) {
			callAgain(client, calls);
		}
		while (this.log.count(Result.OPEN, 0, Double.POSITIVE_INFINITY) > 0 || this.log.size() < calls) {
			this.time.advance(nanos(LEEWAY_SECONDS));
		}
		client.end(this.log);
		return this.log;
	}

	/** Send the next call of a caller, if any calls are left. */
	private void callAgain(Client client, int calls) {
		after(0, () -> {
			if (this.log.size() < calls) {
				send(client, () -> callAgain(client, calls));
			}
		});
	}

	/** Return the reply to a request that is sent now, limited by the timeout. */
	Reply reply(int backend) {
		return this.scenario.backends().get(backend).reply(seconds(), this.replies).within(this.scenario.timeout());
	}

	double seconds() {
		return this.time.elapsed() / 1e9;
	}

	void after(double seconds, Runnable task) {
		this.time.schedule(task, nanos(seconds));
	}

	static long nanos(double seconds) {
		return Math.round(seconds * 1e9);
	}

}
