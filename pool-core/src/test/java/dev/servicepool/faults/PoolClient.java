package dev.servicepool.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.servicepool.Lease;
import dev.servicepool.internal.PendingLease;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolException;
import dev.servicepool.Service;
import dev.servicepool.Target;

/**
 * A client that sends calls through a pool. The pool has one service for each backend and
 * the default settings of a pool of HTTP clients.
 */
final class PoolClient implements FaultSimulation.Client {

	/** Default of pools of HTTP clients. */
	private static final Duration COLD_AFTER = Duration.ofSeconds(10);

	private final FaultSimulation simulation;

	private final Pool<String, String> pool;

	private final Deque<Waiting> waiting = new ArrayDeque<>();

	private record Waiting(Call call, PendingLease lease) {
	}

	PoolClient(FaultSimulation simulation, UnaryOperator<PoolBuilder> options) {
		this.simulation = simulation;
		FaultScenario scenario = simulation.scenario;
		List<Target> targets = IntStream.range(0, scenario.backends().size())
			.mapToObj((backend) -> Target.of(String.valueOf(backend)))
			.toList();
		Executor executor = (task) -> simulation.after(0, () -> runAndServe(task));
		PoolBuilder builder = Pool.builder()
			.name("simulated")
			.targets(targets)
			.maxServices(targets.size())
			.maxConcurrency(scenario.limit())
			.maxWaiting(scenario.maxWaiting())
			.coldAfter(COLD_AFTER)
			.ticker(simulation.time)
			.clock(simulation.time)
			.scheduler((task, delay) -> simulation.time.schedule(() -> runAndServe(task), delay))
			.executor(executor)
			.random(simulation.candidates);
		this.pool = options.apply(builder).build((target) -> Service.of((request) -> request));
		this.pool.start();
	}

	private void runAndServe(Runnable task) {
		task.run();
		serveWaiting();
	}

	@Override
	public void send(Call call) {
		PendingLease lease = PendingLease.of(this.pool);
		if (lease.isSettled()) {
			serve(call, lease);
			return;
		}
		this.waiting.addLast(new Waiting(call, lease));
		this.simulation.after(this.simulation.scenario.acquireTimeout(), () -> {
			if (!lease.isSettled()) {
				runAndServe(lease::giveUp);
			}
		});
	}

	private void serveWaiting() {
		for (Waiting first = this.waiting.peekFirst(); first != null
				&& first.lease().isSettled(); first = this.waiting.peekFirst()) {
			this.waiting.removeFirst();
			serve(first.call(), first.lease());
		}
	}

	private void serve(Call call, PendingLease settled) {
		double now = this.simulation.seconds();
		try {
			Lease<String, String> lease = settled.lease();
			int backend = Integer.parseInt(lease.target().name());
			call.sent(backend, now);
			Reply reply = this.simulation.reply(backend);
			if (reply.begins()) {
				this.simulation.after(reply.head(), () -> runAndServe(lease::recordResponse));
			}
			this.simulation.after(reply.end(), () -> runAndServe(() -> finish(call, lease, reply)));
		}
		catch (PoolException ex) {
			call.rejected(now);
		}
	}

	private void finish(Call call, Lease<String, String> lease, Reply reply) {
		call.ended(reply.failed(), this.simulation.seconds());
		if (reply.pause() > 0) {
			lease.pauseFor(Duration.ofNanos(FaultSimulation.nanos(reply.pause())));
		}
		if (reply.error()) {
			lease.recordErrorResponse();
		}
		if (reply.failed()) {
			lease.fail(new IOException("simulated"));
		}
		else {
			lease.succeed();
		}
	}

	@Override
	public void end(CallLog log) {
		log.end = this.pool.snapshot();
	}

}
