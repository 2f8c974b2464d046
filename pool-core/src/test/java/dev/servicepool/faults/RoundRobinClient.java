package dev.servicepool.faults;

import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A client that uses round robin and ignores failures. If a backend bounds its concurrent
 * requests, further requests wait at the backend.
 */
final class RoundRobinClient implements FaultSimulation.Client {

	/** Limit that no scenario reaches. */
	private static final int UNBOUNDED = 10_000;

	private final FaultSimulation simulation;

	/** For each backend, the times at which its permits are free again. */
	private final PriorityQueue<?>[] permits;

	private final DoubleFunction<int[]> listed;

	private int next;

	RoundRobinClient(FaultSimulation simulation) {
		this(simulation, (seconds) -> IntStream.range(0, simulation.scenario.backends().size()).toArray());
	}

	/**
	 * Create a client.
	 * @param listed returns the backends that the client knows at a time, in seconds
	 */
	RoundRobinClient(FaultSimulation simulation, DoubleFunction<int[]> listed) {
		this.simulation = simulation;
		this.listed = listed;
		int limit = simulation.scenario.bounded() ? simulation.scenario.limit() : UNBOUNDED;
		this.permits = IntStream.range(0, simulation.scenario.backends().size())
			.mapToObj((backend) -> new PriorityQueue<>(Stream.generate(() -> 0.0).limit(limit).toList()))
			.toArray(PriorityQueue[]::new);
	}

	@Override
	public void send(Call call) {
		double now = this.simulation.seconds();
		int[] listed = this.listed.apply(now);
		int backend = listed[this.next++ % listed.length];
		call.sent(backend, now);
		@SuppressWarnings("unchecked")
		Queue<Double> free = (Queue<Double>) this.permits[backend];
		double starts = Math.max(now, free.remove());
		double timeout = this.simulation.scenario.timeout();
		if (starts - now >= timeout) {
			// The caller times out before the backend starts to process the request.
			free.add(starts);
			finish(call, true, timeout);
			return;
		}
		Reply reply = this.simulation.reply(backend);
		double elapsed = starts - now + reply.end();
		free.add(now + elapsed);
		finish(call, reply.failed() || elapsed > timeout, Math.min(elapsed, timeout));
	}

	private void finish(Call call, boolean failed, double elapsed) {
		this.simulation.after(elapsed, () -> call.ended(failed, this.simulation.seconds()));
	}

}
