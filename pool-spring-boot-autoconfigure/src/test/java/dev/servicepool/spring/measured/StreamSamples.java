package dev.servicepool.spring.measured;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.servicepool.fixtures.ConnectionLog;

/**
 * Samples of the number of requests on each connection of a server.
 */
final class StreamSamples {

	private static final int PERIOD_MILLIS = 3;

	private final List<Map<String, Integer>> samples;

	private final Set<String> connections;

	private StreamSamples(List<Map<String, Integer>> samples) {
		this.samples = samples;
		this.connections = samples.stream()
			.flatMap((sample) -> sample.entrySet().stream())
			.filter((entry) -> entry.getValue() > 0)
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

	static StreamSamples of(ConnectionLog log, Duration time) {
		List<Map<String, Integer>> samples = new CopyOnWriteArrayList<>();
		ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
		timer.scheduleAtFixedRate(() -> samples.add(log.streams()), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
		ClosedLoop.pause(time);
		timer.shutdownNow();
		return new StreamSamples(samples);
	}

	/** Return the number of connections in use. */
	int connections() {
		return this.connections.size();
	}

	/** Return the mean number of requests on a connection. */
	double mean() {
		return this.samples.stream().mapToDouble(this::mean).average().orElseThrow();
	}

	/** Return the mean ratio of the busiest connection to the mean of all connections. */
	double maxOverMean() {
		return this.samples.stream()
			.filter((sample) -> mean(sample) > 0)
			.mapToDouble((sample) -> max(sample) / mean(sample))
			.average()
			.orElseThrow();
	}

	private double mean(Map<String, Integer> sample) {
		return sample.values().stream().mapToInt(Integer::intValue).sum() / (double) this.connections.size();
	}

	private static int max(Map<String, Integer> sample) {
		return sample.values().stream().mapToInt(Integer::intValue).max().orElse(0);
	}

}
