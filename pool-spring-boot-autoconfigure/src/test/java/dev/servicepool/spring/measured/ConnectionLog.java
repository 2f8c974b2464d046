package dev.servicepool.spring.measured;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Log of the connections of a server: the protocol, and the current and maximum number of
 * concurrent requests of each connection. Used by any thread.
 */
final class ConnectionLog {

	private final Map<String, Connection> connections = new ConcurrentHashMap<>();

	/** Record the start of a request. */
	Connection begin(String id, String protocol) {
		Connection connection = this.connections.computeIfAbsent(id, (key) -> new Connection());
		connection.protocol = protocol;
		int streams = connection.streams.incrementAndGet();
		connection.peak.accumulateAndGet(streams, Math::max);
		return connection;
	}

	/** Return the number of connections that received a request. */
	int connections() {
		return this.connections.size();
	}

	/** Return the maximum number of concurrent requests on a connection. */
	int peakStreams() {
		return this.connections.values().stream().mapToInt((connection) -> connection.peak.get()).max().orElse(0);
	}

	/** Return whether all connections use a protocol. */
	boolean all(String protocol) {
		return this.connections.values().stream().allMatch((connection) -> protocol.equals(connection.protocol));
	}

	/** Return the current number of requests on each connection. */
	Map<String, Integer> streams() {
		Map<String, Integer> streams = new ConcurrentHashMap<>();
		this.connections.forEach((id, connection) -> streams.put(id, connection.streams.get()));
		return streams;
	}

	/** Remove the idle connections, and reset all maximum values. */
	void reset() {
		this.connections.values().removeIf((connection) -> connection.streams.get() == 0);
		this.connections.values().forEach((connection) -> connection.peak.set(connection.streams.get()));
	}

	/** Connection of a client. */
	static final class Connection {

		private final AtomicInteger streams = new AtomicInteger();

		private final AtomicInteger peak = new AtomicInteger();

		private volatile String protocol = "";

		/** Record the end of a request. */
		void end() {
			this.streams.decrementAndGet();
		}

	}

}
