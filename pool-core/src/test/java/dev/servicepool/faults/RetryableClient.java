package dev.servicepool.faults;

/**
 * A client that uses round robin and repeats each failed call as {@code @Retryable} of
 * Spring does with its defaults: three times, with a pause of one second.
 */
final class RetryableClient implements FaultSimulation.Client {

	private static final int RETRIES = 3;

	private static final double PAUSE_SECONDS = 1;

	private final FaultSimulation simulation;

	private int next;

	RetryableClient(FaultSimulation simulation) {
		this.simulation = simulation;
	}

	@Override
	public void send(Call call) {
		int backend = this.next++ % this.simulation.scenario.backends().size();
		call.sent(backend, this.simulation.seconds());
		Reply reply = this.simulation.reply(backend);
		this.simulation.after(reply.end(), () -> {
			if (reply.failed() && call.requests <= RETRIES) {
				this.simulation.after(PAUSE_SECONDS, () -> send(call));
			}
			else {
				call.ended(reply.failed(), this.simulation.seconds());
			}
		});
	}

}
