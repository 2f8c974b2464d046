package dev.servicepool.simulation;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

import dev.servicepool.internal.FakeTime;
import dev.servicepool.Lease;
import dev.servicepool.internal.PendingLease;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolException;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;

/**
 * One run of a scenario with one pool.
 */
final class Simulation {

	private static final IOException BROKEN = new IOException("client is terminated");

	private static final double SLOW_SECONDS = 2;

	private static final String SLOW = "target-1";

	private final Scenario scenario;

	private final FakeTime time = new FakeTime();

	/**
	 * Separate random numbers, so that the callers are the same for all policies.
	 */
	private final SplittableRandom arrivals;

	private final SplittableRandom workTimes;

	private final SplittableRandom creations;

	private final Pool<String, String> pool;

	private final Observer observer;

	private final Deque<Caller> waiting = new ArrayDeque<>();

	/** Time of the next possible arrival, in nanoseconds since the start. */
	private long next;

	private int inFlight;

	/** Time at which the next request breaks its service, in seconds. */
	private int nextBroken = 1;

	private record Caller(PendingLease lease, double since) {
	}

	private Simulation(Scenario scenario, Policy policy, long seed) {
		this.scenario = scenario;
		SplittableRandom seeds = new SplittableRandom(seed);
		this.arrivals = seeds.split();
		this.workTimes = seeds.split();
		this.creations = seeds.split();
		this.observer = new Observer(scenario);
		PoolBuilder builder = Pool.builder()
			.name("simulated")
			.targets(targets())
			.minServices(scenario.targets)
			.maxConcurrency(scenario.limit)
			.maxWaiting(this.scenario.maxWaiting)
			.ticker(this.time)
			.clock(this.time)
			.scheduler((task, delay) -> this.time.schedule(() -> runAndServe(task), delay))
			.executor(executor())
			.random(seeds.split())
			.listener(this.observer.sizes(this::seconds));
		switch (scenario.replacement) {
			case NONE -> {
				// Services stay until the load changes.
			}
			case PLANNED -> builder.maxSurge(1).maxRequestsPerService((int) scenario.requestsPerSecond());
			case BROKEN -> builder.maxSurge(1).brokenWhen((cause) -> cause == BROKEN);
		}
		this.pool = policy.options().apply(builder, scenario).build(factory());
	}

	/**
	 * Run a simulation.
	 * @param scenario the scenario
	 * @param policy the policy
	 * @param seed the seed of the random numbers
	 * @return the outcome
	 */
	static Outcome run(Scenario scenario, Policy policy, long seed) {
		return new Simulation(scenario, policy, seed).run();
	}

	private Outcome run() {
		this.pool.start();
		for (int request = 0; request < this.scenario.burst; request++) {
			this.time.schedule(this::arrive, 0);
		}
		if (this.scenario.peak > 0) {
			this.next = gap();
			scheduleArrival();
		}
		this.time.schedule(this::sample, nanos(this.scenario.chartFrom));
		this.time.advance(nanos(this.scenario.seconds));
		return this.observer.outcome();
	}

	private List<Target> targets() {
		return IntStream.rangeClosed(1, this.scenario.targets)
			.mapToObj((number) -> Target.of("target-" + number))
			.toList();
	}

	private Executor executor() {
		return (task) -> this.time.schedule(() -> runAndServe(task), 0);
	}

	/** Create a factory that advances the time, so that all other tasks run meanwhile. */
	private ServiceFactory<String, String> factory() {
		return (target) -> {
			this.time.advance(nanos(this.scenario.creationSeconds));
			if (this.creations.nextDouble() < this.scenario.creationsFailing) {
				throw new IOException("creation");
			}
			return Service.of((request) -> request);
		};
	}

	private void runAndServe(Runnable task) {
		task.run();
		serveWaiting();
	}

	/**
	 * Schedule the next arrival after a random time ("thinning" of a Poisson process).
	 * Arrivals that the thinning drops schedule no task, because they can be numerous.
	 */
	private void scheduleArrival() {
		long at;
		boolean arrives;
		do {
			at = this.next;
			this.next += gap();
			double share = this.scenario.traffic.at(at / 1e9) / this.scenario.peak;
			arrives = this.arrivals.nextDouble() < share;
		}
		while (!arrives && this.next <= nanos(this.scenario.seconds));
		if (arrives) {
			this.time.schedule(this::arriveAndScheduleNext, Math.max(0, at - this.time.elapsed()));
		}
	}

	private void arriveAndScheduleNext() {
		scheduleArrival();
		arrive();
	}

	/** Return the time between two possible arrivals, in nanoseconds. */
	private long gap() {
		return nanos(-StrictMath.log(1 - this.arrivals.nextDouble()) / this.scenario.requestsPerSecond());
	}

	private void arrive() {
		Caller caller = new Caller(PendingLease.of(this.pool), seconds());
		if (caller.lease().isSettled()) {
			serve(caller);
		}
		else {
			this.waiting.addLast(caller);
			if (this.scenario.acquireSeconds < this.scenario.seconds) {
				this.time.schedule(() -> runAndServe(caller.lease()::giveUp), nanos(this.scenario.acquireSeconds));
			}
		}
	}

	private void serveWaiting() {
		for (Caller first = this.waiting.peekFirst(); first != null
				&& first.lease().isSettled(); first = this.waiting.peekFirst()) {
			this.waiting.removeFirst();
			serve(first);
		}
	}

	private void serve(Caller caller) {
		double now = seconds();
		try {
			Lease<String, String> lease = caller.lease().lease();
			this.observer.served(caller.since(), now);
			this.inFlight++;
			this.time.schedule(() -> finish(caller, lease), nanos(work(lease)));
		}
		catch (PoolException ex) {
			this.observer.rejected(caller.since(), now);
		}
	}

	private double work(Lease<String, String> lease) {
		boolean slow = this.scenario.oneIsSlow && lease.target().name().equals(SLOW);
		return slow ? SLOW_SECONDS : this.scenario.work.seconds(this.workTimes);
	}

	private void finish(Caller caller, Lease<String, String> lease) {
		this.inFlight--;
		this.observer.responded(caller.since(), seconds());
		if (this.scenario.replacement == Replacement.BROKEN && seconds() >= this.nextBroken) {
			this.nextBroken++;
			lease.fail(BROKEN);
		}
		else {
			lease.succeed();
		}
		serveWaiting();
	}

	private void sample() {
		// A caller that finds no service ready would perform the work that is due.
		this.pool.start();
		this.observer.sample(seconds(), this.inFlight, this.pool.snapshot());
		if (seconds() < this.scenario.chartTo) {
			this.time.schedule(this::sample, nanos(this.observer.sampleSeconds()));
		}
	}

	private double seconds() {
		return this.time.elapsed() / 1e9;
	}

	private static long nanos(double seconds) {
		return Math.round(seconds * 1e9);
	}

}
