package dev.servicepool.faults;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.internal.FakeTime;
import dev.servicepool.internal.PendingLease;

/**
 * One run of a fleet: many clients, each with a pool of its own, send requests to the
 * same servers. A server processes up to ten requests concurrently, and others wait
 * there.
 */
final class FleetSimulation {

	private static final int WORKERS = 10;

	private static final double MEAN_SECONDS = 0.05;

	private static final double WARM_UP = 1;

	/** The end of the run, after which no more requests arrive. */
	private static final double SECONDS = 3;

	private final FakeTime time = new FakeTime();

	private final SplittableRandom arrivals;

	private final SplittableRandom work;

	/** For each server, the times at which its workers are free again. */
	private final List<Queue<Double>> workers;

	private final List<Client> clients = new ArrayList<>();

	/** The durations of the calls after the warm-up, in seconds. */
	private final List<Double> durations = new ArrayList<>();

	private final double perSecond;

	private FleetSimulation(SubsetExperiment fleet, double load, long seed) {
		SplittableRandom seeds = new SplittableRandom(seed);
		this.arrivals = seeds.split();
		this.work = seeds.split();
		this.perSecond = load * fleet.servers() * WORKERS / MEAN_SECONDS / fleet.clients();
		this.workers = Stream
			.<Queue<Double>>generate(() -> new PriorityQueue<>(Stream.generate(() -> 0.0).limit(WORKERS).toList()))
			.limit(fleet.servers())
			.toList();
		List<Target> targets = IntStream.range(0, fleet.servers()).mapToObj(String::valueOf).map(Target::of).toList();
		for (int client = 0; client < fleet.clients(); client++) {
			this.clients.add(new Client(fleet, targets, client, seeds.split()));
		}
	}

	/**
	 * Run a fleet.
	 * @param load the mean load of the servers, as a share of what they can process
	 * @return the 99th percentile of the duration of the calls, in seconds
	 */
	static double p99(SubsetExperiment fleet, double load, long seed) {
		return new FleetSimulation(fleet, load, seed).run();
	}

	private double run() {
		this.clients.forEach(Client::scheduleArrival);
		this.time.advance(FaultSimulation.nanos(2 * SECONDS));
		double[] sorted = this.durations.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		return sorted[(int) Math.ceil(0.99 * sorted.length) - 1];
	}

	private double seconds() {
		return this.time.elapsed() / 1e9;
	}

	private void after(double seconds, Runnable task) {
		this.time.schedule(task, FaultSimulation.nanos(seconds));
	}

	/** Client with a pool of its own. */
	private final class Client {

		private final Pool<String, String> pool;

		private final Queue<Call> waiting = new ArrayDeque<>();

		private record Call(PendingLease lease, double arrived) {
		}

		Client(SubsetExperiment fleet, List<Target> targets, int number, SplittableRandom random) {
			FakeTime time = FleetSimulation.this.time;
			this.pool = Pool.builder()
				.name("client-" + number)
				.identity("client-" + number)
				.targets(targets)
				.subset(fleet.size())
				.maxServices(targets.size())
				.maxConcurrency(20)
				.ticker(time)
				.clock(time)
				.scheduler((task, delay) -> time.schedule(() -> runAndServe(task), delay))
				.executor((task) -> time.schedule(() -> runAndServe(task), 0))
				.random(random)
				.build((target) -> Service.of((request) -> request));
			this.pool.start();
		}

		private void scheduleArrival() {
			double gap = -StrictMath.log(1 - FleetSimulation.this.arrivals.nextDouble())
					/ FleetSimulation.this.perSecond;
			if (seconds() + gap < SECONDS) {
				after(gap, () -> {
					scheduleArrival();
					this.waiting.add(new Call(PendingLease.of(this.pool), seconds()));
					serveWaiting();
				});
			}
		}

		private void runAndServe(Runnable task) {
			task.run();
			serveWaiting();
		}

		private void serveWaiting() {
			for (Call first = this.waiting.peek(); first != null
					&& first.lease().isSettled(); first = this.waiting.peek()) {
				this.waiting.remove();
				send(first);
			}
		}

		private void send(Call call) {
			Lease<String, String> lease = call.lease().lease();
			Queue<Double> free = FleetSimulation.this.workers.get(Integer.parseInt(lease.target().name()));
			double seconds = MEAN_SECONDS * (0.7 + 0.6 * FleetSimulation.this.work.nextDouble());
			double end = Math.max(seconds(), free.remove()) + seconds;
			free.add(end);
			after(end - seconds(), () -> runAndServe(() -> {
				lease.recordResponse();
				lease.succeed();
			}));
			if (call.arrived() >= WARM_UP) {
				FleetSimulation.this.durations.add(end - call.arrived());
			}
		}

	}

}
