package dev.servicepool.spring.faults;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Pool;
import dev.servicepool.Readiness;
import dev.servicepool.Service;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for services that are processes, one of which dies.
 */
@Tag("slow")
@Timeout(60)
class BrokenProcessTests {

	private final Queue<EchoProcess> processes = new ConcurrentLinkedQueue<>();

	/** Number of processes that are not closed. */
	private final AtomicInteger open = new AtomicInteger();

	private final AtomicInteger mostOpen = new AtomicInteger();

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void deadProcessIsReplacedAfterOneFailedCall(int services) throws Exception {
		try (Pool<String, String> pool = Pool.builder()
			.name("processes")
			.minServices(services)
			.maxServices(services)
			.maxConcurrency(1)
			.build((target) -> start())) {
			pool.call("hello");
			await().until(() -> pool.snapshot().size().ready() == services);
			this.processes.element().kill();
			Calls calls = new Calls(() -> {
				if (!pool.call("hello").equals("hello")) {
					throw new IOException("wrong response");
				}
				return null;
			});
			calls.oneAfterAnother(100, Duration.ofMillis(10));
			assertThat(calls.failed()).as("%s", calls).isLessThanOrEqualTo(1);
			assertThat(this.processes).hasSize(services + 1);
			assertThat(this.mostOpen).hasValueLessThanOrEqualTo(services);
		}
	}

	private EchoProcess start() throws IOException {
		EchoProcess process = new EchoProcess();
		this.processes.add(process);
		this.mostOpen.accumulateAndGet(this.open.incrementAndGet(), Math::max);
		return process;
	}

	/** Process that sends each line back. */
	private final class EchoProcess implements Service<String, String> {

		private final Process process = new ProcessBuilder("cat").start();

		private final BufferedWriter input = this.process.outputWriter();

		private final BufferedReader output = this.process.inputReader();

		EchoProcess() throws IOException {
		}

		void kill() throws InterruptedException {
			this.process.destroyForcibly().waitFor();
		}

		@Override
		public Readiness pollReady(Runnable wakeUp) throws IOException {
			if (!this.process.isAlive()) {
				throw new IOException("the process has ended");
			}
			return Readiness.READY;
		}

		@Override
		public String call(String request) throws IOException {
			this.input.write(request + "\n");
			this.input.flush();
			String response = this.output.readLine();
			if (response == null) {
				throw new IOException("no response");
			}
			return response;
		}

		@Override
		public void close() {
			this.process.destroyForcibly();
			BrokenProcessTests.this.open.decrementAndGet();
		}

	}

}
