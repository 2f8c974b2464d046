package dev.servicepool.compatibility.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;

import org.springframework.web.client.RestClient;

/**
 * Result of the calls that one client has sent in a row, while the other client was idle.
 *
 * @param failed the number of failed calls
 * @param p50 the median duration of a call, in milliseconds
 * @param p90 the duration that 10% of the calls exceed, in milliseconds
 * @param p99 the duration that 1% of the calls exceed, in milliseconds
 * @param slowest the duration of the slowest call, in milliseconds
 * @param throughput the number of calls per second
 * @param processorTime the processor time of this process per call, in microseconds
 * @param connections the number of connections to the server at the end
 */
record Round(int failed, double p50, double p90, double p99, double slowest, double throughput, double processorTime,
		int connections) {

	private static final OperatingSystemMXBean PROCESS = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	/** A line of the kernel's table for a connection that is established. */
	private static final String ESTABLISHED = "\\s*\\d+: \\w+:\\w+ \\w+:%04X 01 .*";

	/**
	 * Send the calls of a workload.
	 * @param workload the calls
	 * @param client the client
	 * @param server the address of a server that only this client calls
	 */
	static Round run(Workload workload, RestClient client, URI server) throws Exception {
		return run(workload.callers(), workload.calls(), workload::call, client, server);
	}

	/**
	 * Send calls.
	 * @param callers the number of concurrent callers
	 * @param count the number of calls
	 * @param call sends one call
	 * @param client the client
	 * @param server the address of a server that only this client calls
	 */
	static Round run(int callers, int count, Consumer<Calls> call, RestClient client, URI server) throws Exception {
		Calls calls = new Calls(client);
		long[] durations = new long[count];
		AtomicInteger next = new AtomicInteger();
		long processorBegin = PROCESS.getProcessCpuTime();
		long begin = System.nanoTime();
		calls.concurrently(callers, () -> {
			for (int i = next.getAndIncrement(); i < durations.length; i = next.getAndIncrement()) {
				long sent = System.nanoTime();
				call.accept(calls);
				durations[i] = System.nanoTime() - sent;
			}
		});
		double seconds = (System.nanoTime() - begin) / 1e9;
		double processorTime = (PROCESS.getProcessCpuTime() - processorBegin) / 1e3;
		Arrays.sort(durations);
		return new Round(calls.failed(), millis(durations, 0.5), millis(durations, 0.9), millis(durations, 0.99),
				millis(durations, 1), durations.length / seconds, processorTime / durations.length,
				connections(server));
	}

	private static double millis(long[] sorted, double share) {
		int index = (int) Math.ceil(share * sorted.length) - 1;
		return sorted[index] / (double) TimeUnit.MILLISECONDS.toNanos(1);
	}

	/** Return the number of connections to a server, as the kernel of Linux sees it. */
	private static int connections(URI server) {
		return Stream.of("/proc/net/tcp", "/proc/net/tcp6").mapToInt((table) -> connections(table, server)).sum();
	}

	private static int connections(String table, URI server) {
		try (Stream<String> lines = Files.lines(Path.of(table))) {
			return (int) lines.filter((line) -> line.matches(ESTABLISHED.formatted(server.getPort()))).count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
