package dev.servicepool.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.internal.PendingLease;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolException;
import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.load.RecentLatencies;

/**
 * A client that sends calls through a pool. The pool has one service for each backend and
 * the default settings of a pool of HTTP clients.
 */
final class PoolClient implements FaultSimulation.Client {

	/** Default of pools of HTTP clients. */
	private static final Duration COLD_AFTER = Duration.ofSeconds(10);

	/** Default of pools of HTTP clients. */
	private static final int MAX_SURGE = 2;

	private static final double HEDGE_PERCENTILE = 95;

	private final FaultSimulation simulation;

	private final Pool<String, String> pool;

	private final Set<Waiting> waiting = new LinkedHashSet<>();

	private final CallPolicy policy;

	private final RecentLatencies latencies;

	/** The leases of the calls that were sent twice and have no response. */
	private final Map<Call, List<Lease<String, String>>> racing = new HashMap<>();

	private record Waiting(Call call, PendingLease lease) {
	}

	PoolClient(FaultSimulation simulation, CallPolicy policy, UnaryOperator<PoolBuilder> options) {
		this.simulation = simulation;
		this.policy = policy;
		this.latencies = new RecentLatencies(simulation.time.nanos());
		FaultScenario scenario = simulation.scenario;
		List<Target> targets = IntStream.range(0, scenario.backends().size())
			.mapToObj((backend) -> Target.of(String.valueOf(backend)))
			.toList();
		Executor executor = (task) -> simulation.after(0, () -> runAndServe(task));
		PoolBuilder builder = Pool.builder()
			.name("simulated")
			.targets((simulation.joinsAt > 0) ? targets.subList(0, targets.size() - 1) : targets)
			.maxServices(targets.size())
			.maxConcurrency(scenario.limit())
			.maxWaiting(scenario.maxWaiting())
			.maxSurge(MAX_SURGE)
			.coldAfter(COLD_AFTER)
			.failureClassifier((failure) -> Outcome.valueOf(failure.getMessage()))
			.ticker(simulation.time)
			.clock(simulation.time)
			.scheduler((task, delay) -> simulation.time.schedule(() -> runAndServe(task), delay))
			.executor(executor)
			.random(simulation.candidates);
		this.pool = options.apply(builder).build((target) -> new Http2Service());
		this.pool.start();
		if (simulation.joinsAt > 0) {
			simulation.after(simulation.joinsAt, () -> runAndServe(() -> this.pool.retarget(targets)));
		}
	}

	private void runAndServe(Runnable task) {
		task.run();
		serveWaiting();
	}

	@Override
	public void send(Call call) {
		await(call, PendingLease.of(this.pool));
	}

	private void await(Call call, PendingLease lease) {
		if (lease.isSettled()) {
			serve(call, lease);
			return;
		}
		this.waiting.add(new Waiting(call, lease));
		double left = Math.min(this.simulation.scenario.acquireTimeout(), left(call));
		this.simulation.after(left, () -> {
			if (!lease.isSettled()) {
				runAndServe(lease::giveUp);
			}
		});
	}

	/** Return the time until the deadline of a call, in seconds. */
	private double left(Call call) {
		return call.arrived + this.policy.deadline() - this.simulation.seconds();
	}

	/** Serve the callers that are settled. Those that call again overtake others. */
	private void serveWaiting() {
		List<Waiting> settled = this.waiting.stream().filter((each) -> each.lease().isSettled()).toList();
		if (!settled.isEmpty()) {
			this.waiting.removeAll(settled);
			settled.forEach((each) -> serve(each.call(), each.lease()));
		}
	}

	private void serve(Call call, PendingLease settled) {
		try {
			send(call, settled.lease());
		}
		catch (PoolException ex) {
			call.rejected(this.simulation.seconds());
		}
	}

	private void send(Call call, Lease<String, String> lease) {
		double left = left(call);
		if (left <= 0) {
			lease.returnUnsent();
			call.rejected(this.simulation.seconds());
			return;
		}
		Reply reply = reply(call, lease).within(left);
		if (this.policy.hedge() != CallPolicy.Hedge.NONE) {
			race(call, lease, reply);
			return;
		}
		if (reply.begins()) {
			this.simulation.after(reply.head(), () -> runAndServe(lease::recordResponse));
		}
		this.simulation.after(reply.end(), () -> runAndServe(() -> finish(call, lease, reply)));
	}

	private Reply reply(Call call, Lease<String, String> lease) {
		int backend = Integer.parseInt(lease.target().name());
		call.sent(backend, this.simulation.seconds());
		return this.simulation.reply(backend);
	}

	/** Send a call a second time if it takes long. The first response wins. */
	private void race(Call call, Lease<String, String> first, Reply reply) {
		this.simulation.after(reply.end(), () -> runAndServe(() -> finishRace(call, first)));
		long delay = this.latencies.percentile(HEDGE_PERCENTILE, this.simulation.time.nanos());
		if (delay == RecentLatencies.UNKNOWN) {
			return;
		}
		this.simulation.after(delay / 1e9, () -> runAndServe(() -> {
			if (!call.hasEnded()) {
				sendAgain(call, first);
			}
		}));
	}

	private void sendAgain(Call call, Lease<String, String> first) {
		if (this.policy.hedge() == CallPolicy.Hedge.SAME_SERVER) {
			this.simulation.after(reply(call, first).end(), () -> runAndServe(() -> finishRace(call, first)));
			return;
		}
		Lease<String, String> second = first.tryHedge();
		if (second != null) {
			this.simulation.after(reply(call, second).end(), () -> runAndServe(() -> finishRace(call, second)));
			this.racing.put(call, List.of(first, second));
		}
	}

	/** End the call, unless another attempt has won. The other attempt is canceled. */
	private void finishRace(Call call, Lease<String, String> winner) {
		if (call.hasEnded()) {
			return;
		}
		call.ended(false, this.simulation.seconds());
		this.latencies.record(FaultSimulation.nanos(call.elapsed()), this.simulation.time.nanos());
		List<Lease<String, String>> leases = this.racing.remove(call);
		winner.recordResponse();
		winner.succeed();
		if (leases != null) {
			leases.stream().filter((lease) -> lease != winner).forEach((loser) -> {
				loser.markRepeated();
				loser.close();
			});
		}
	}

	private void finish(Call call, Lease<String, String> lease, Reply reply) {
		if (reply.pause() > 0) {
			lease.pauseFor(Duration.ofNanos(FaultSimulation.nanos(reply.pause())));
		}
		if (reply.error()) {
			lease.recordErrorResponse();
		}
		Outcome outcome = reply.outcome();
		if (outcome == null) {
			call.ended(false, this.simulation.seconds());
			lease.succeed();
			return;
		}
		IOException failure = new IOException(outcome.name());
		if (call.requests <= this.policy.retries()) {
			if (reply.error()) {
				Lease<String, String> other = lease.tryOther((target) -> true,
						(target) -> !target.equals(lease.target()));
				if (other != null) {
					lease.fail(failure);
					send(call, other);
					return;
				}
			}
			else {
				PendingLease other = PendingLease.again(this.pool, lease, failure);
				if (other != null) {
					await(call, other);
					return;
				}
			}
		}
		call.ended(true, this.simulation.seconds());
		lease.fail(failure);
	}

	@Override
	public void end(CallLog log) {
		log.end = this.pool.snapshot();
	}

	/** Service whose requests share a connection. */
	private static final class Http2Service implements Service<String, String> {

		@Override
		public String call(String request) {
			return request;
		}

		@Override
		public boolean sharesConnection() {
			return true;
		}

	}

}
