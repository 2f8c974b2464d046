package dev.servicepool.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolListener;
import dev.servicepool.Target;
import dev.servicepool.internal.FakeTime;

/**
 * Three zones with four servers each, and clients in the first zone. Each server
 * processes up to ten requests concurrently.
 */
final class ZoneExperiment {

	static final int SEEDS = 3;

	/** The servers in the zone of the clients. */
	static final int[] OWN = { 0, 1, 2, 3 };

	private static final int ZONES = 3;

	private static final int LIMIT = 10;

	private static final double MEAN_SECONDS = 0.05;

	/** The requests per second that the servers of one zone can process. */
	static final double CAPACITY = OWN.length * LIMIT / MEAN_SECONDS;

	/** The time after which figures count. */
	static final double WARM_UP = 60;

	/** The beginning and the end of the loss of the zone. */
	static final double LOST_AT = 120;

	static final double BACK_AT = 240;

	static final double SECONDS = 420;

	/** The duration of a run in which all servers work. */
	static final double STEADY_SECONDS = 180;

	/** The time after which Eureka removes an instance that sends no heartbeats. */
	private static final double LEASE_SECONDS = 90;

	/** The default interval at which a client of Eureka updates its instances. */
	private static final double FETCH_SECONDS = 30;

	private static final Backend WORKING = Backend.working(MEAN_SECONDS);

	private ZoneExperiment() {
	}

	/**
	 * Result of a run.
	 *
	 * @param log the calls
	 * @param resizes the times at which services were created or retired, in seconds
	 * @param successors the number of services that were created beside services without
	 * a response
	 */
	record Run(CallLog log, List<Double> resizes, int successors) {

		double localPercent(double from, double to) {
			return this.log.percentTo(from, to, OWN);
		}

		double resizesPerMinute(double from, double to) {
			return 60 * this.resizes.stream().filter((at) -> at >= from && at < to).count() / (to - from);
		}

	}

	/** Return a scenario in which all servers work. */
	static FaultScenario steady(double load) {
		return scenario(WORKING, load, STEADY_SECONDS);
	}

	/** Return a scenario in which the own zone is lost for a time. */
	static FaultScenario lost(Reply reply, double load) {
		return scenario(WORKING.except(reply, LOST_AT, BACK_AT), load, SECONDS);
	}

	private static FaultScenario scenario(Backend own, double load, double seconds) {
		List<Backend> backends = new ArrayList<>(Collections.nCopies(ZONES * OWN.length, WORKING));
		for (int server : OWN) {
			backends.set(server, own);
		}
		return FaultScenario.of(backends, load * CAPACITY, seconds, 1).bounded(LIMIT, Integer.MAX_VALUE);
	}

	/** Run a pool that prefers the own zone. */
	static Run zones(FaultScenario scenario, long seed) {
		return run(scenario, seed, (pool) -> pool.zone("zone-0"));
	}

	/** Run a pool that ignores zones. */
	static Run withoutZones(FaultScenario scenario, long seed) {
		return run(scenario, seed, UnaryOperator.identity());
	}

	/**
	 * Run a client like Spring Cloud LoadBalancer with its zone preference: round robin
	 * over the instances in the own zone, as long as the registry lists any.
	 * @param lost whether the own zone is lost for a time
	 */
	static Run springCloud(FaultScenario scenario, boolean lost, long seed) {
		int[] others = IntStream.range(OWN.length, ZONES * OWN.length).toArray();
		CallLog log = FaultSimulation.roundRobin(scenario,
				(now) -> (lost && now >= LOST_AT + LEASE_SECONDS && now < BACK_AT + FETCH_SECONDS) ? others : OWN,
				seed);
		return new Run(log, List.of(), 0);
	}

	private static Run run(FaultScenario scenario, long seed, UnaryOperator<PoolBuilder> options) {
		List<Double> resizes = new ArrayList<>();
		AtomicInteger successors = new AtomicInteger();
		List<Target> targets = IntStream.range(0, ZONES * OWN.length)
			.mapToObj((server) -> Target.of(String.valueOf(server)).inZone("zone-" + server / OWN.length))
			.toList();
		CallLog log = FaultSimulation.pool(scenario, CallPolicy.RETRY, seed,
				(pool) -> options.apply(pool).targets(targets).listener(new PoolListener() {
					@Override
					public void onEvent(PoolEvent event) {
						if (isSuccessor(event)) {
							successors.incrementAndGet();
						}
						else if (isResize(event)) {
							resizes.add(Duration.between(FakeTime.START, event.timestamp()).toNanos() / 1e9);
						}
					}
				}));
		return new Run(log, resizes, successors.get());
	}

	private static boolean isSuccessor(PoolEvent event) {
		return event.type() == Type.CREATED && event.message().startsWith("replaces service");
	}

	private static boolean isResize(PoolEvent event) {
		return event.type() == Type.CREATED || event.type() == Type.EVICTED
				|| (event.type() == Type.RETIRED && event.reason() != Reason.REPLACED);
	}

}
