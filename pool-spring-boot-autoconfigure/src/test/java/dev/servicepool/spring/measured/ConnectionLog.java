package dev.servicepool.spring.measured;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a server sees of its connections: which protocol they speak, and how many requests
 * each of them carries, now and at most. Any thread.
 */
final class ConnectionLog {

	private final Map<String, Connection> connections = new ConcurrentHashMap<>();

	/** A request begins. */
	Connection begin(String id, String protocol) {
		Connection connection = this.connections.computeIfAbsent(id, (key) -> new Connection());
		connection.protocol = protocol;
		int streams = connection.streams.incrementAndGet();
		connection.peak.accumulateAndGet(streams, Math::max);
		return connection;
	}

	/** Return how many connections have carried a request. */
	int connections() {
		return this.connections.size();
	}

	/** Return the greatest number of requests at a time on a connection. */
	int peakStreams() {
		return this.connections.values().stream().mapToInt((connection) -> connection.peak.get()).max().orElse(0);
	}

	/** Whether all connections speak a protocol by now. */
	boolean all(String protocol) {
		return this.connections.values().stream().allMatch((connection) -> protocol.equals(connection.protocol));
	}

	/** Return how many requests there are on each connection now. */
	Map<String, Integer> streams() {
		Map<String, Integer> streams = new ConcurrentHashMap<>();
		this.connections.forEach((id, connection) -> streams.put(id, connection.streams.get()));
		return streams;
	}

	/** Forget the connections that carry no request, and all peaks. */
	void startAnew() {
		this.connections.values().removeIf((connection) -> connection.streams.get() == 0);
		this.connections.values().forEach((connection) -> connection.peak.set(connection.streams.get()));
	}

	/** One connection. */
	static final class Connection {

		private final AtomicInteger streams = new AtomicInteger();

		private final AtomicInteger peak = new AtomicInteger();

		private volatile String protocol = "";

		/** A request has ended. */
		void end() {
			this.streams.decrementAndGet();
		}

	}

}
