package dev.servicepool.faults;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot.TargetSnapshot;
import dev.servicepool.Service;
import dev.servicepool.Target;

/**
 * Clients that each prefer a subset of the servers, and the connections that the servers
 * receive from them.
 *
 * @param clients the number of clients
 * @param servers the number of servers
 * @param size the number of servers that a client prefers, 0 for all
 */
record SubsetExperiment(int clients, int servers, int size) {

	/** The five examples of gRFC A68, the proposal of random subsetting for gRPC. */
	static final List<SubsetExperiment> GRPC = List.of(new SubsetExperiment(100, 100, 5),
			new SubsetExperiment(100, 100, 25), new SubsetExperiment(100, 10, 5), new SubsetExperiment(500, 10, 5),
			new SubsetExperiment(2000, 10, 5));

	/** Fleets of 100 and 1,000 clients and servers, without and with a subset. */
	static final List<SubsetExperiment> FLEETS = List.of(new SubsetExperiment(100, 100, 0),
			new SubsetExperiment(100, 100, 20), new SubsetExperiment(1000, 100, 0), new SubsetExperiment(1000, 100, 20),
			new SubsetExperiment(100, 1000, 0), new SubsetExperiment(100, 1000, 20),
			new SubsetExperiment(1000, 1000, 0), new SubsetExperiment(1000, 1000, 20));

	/**
	 * Fleets whose latency is simulated. Without a subset, 1,000 clients would have too
	 * many services for one simulation.
	 */
	static final List<SubsetExperiment> LATENCIES = List.of(new SubsetExperiment(100, 100, 0),
			new SubsetExperiment(100, 100, 20), new SubsetExperiment(1000, 100, 20),
			new SubsetExperiment(100, 1000, 20), new SubsetExperiment(1000, 1000, 20));

	/** Selects the subset of a client. */
	interface Selection {

		List<Target> subset(int client, List<Target> servers, int size);

	}

	/** Return the subsets of pools. */
	static Selection pools(long seed) {
		return (client, servers, size) -> {
			try (Pool<String, String> pool = Pool.builder()
				.targets(servers)
				.subset(size)
				.identity("client-" + client + "-" + seed)
				.build((target) -> Service.of((request) -> request))) {
				return pool.snapshot()
					.health()
					.targets()
					.stream()
					.filter(TargetSnapshot::preferred)
					.map((target) -> Target.of(target.name()))
					.toList();
			}
		};
	}

	/** Return the names of some servers. */
	static List<Target> servers(int from, int to) {
		return IntStream.range(from, to)
			.mapToObj((number) -> Target.of("10.0." + number / 256 + "." + number % 256))
			.toList();
	}

	/** Return the number of connections of each server, in ascending order. */
	int[] connections(Selection selection) {
		List<Target> servers = servers(0, this.servers);
		int[] connections = new int[this.servers];
		for (int client = 0; client < this.clients; client++) {
			Set<Target> subset = new HashSet<>(selection.subset(client, servers, this.size));
			for (int server = 0; server < this.servers; server++) {
				connections[server] += subset.contains(servers.get(server)) ? 1 : 0;
			}
		}
		Arrays.sort(connections);
		return connections;
	}

	/**
	 * Return the coefficient of variation of the connections per server: the standard
	 * deviation divided by the mean. It is the root mean square of several seeds.
	 */
	double spread(int seeds) {
		double mean = (this.size > 0) ? (double) this.clients * this.size / this.servers : this.clients;
		double squares = 0;
		for (int seed = 0; seed < seeds; seed++) {
			for (int count : connections(pools(seed))) {
				squares += (count - mean) * (count - mean);
			}
		}
		return Math.sqrt(squares / seeds / this.servers) / mean;
	}

	/**
	 * Return the expected spread if the subset of each client is random, as with gRPC,
	 * whose clients sort the servers by a hash with a random salt.
	 */
	double randomSpread() {
		double share = (double) this.size / this.servers;
		return Math.sqrt((1 - share) / (this.clients * share));
	}

	/**
	 * Replace one server by another one, and return how many servers of each subset
	 * change: the mean and the maximum of all clients.
	 */
	Churn churn(Selection selection) {
		List<Target> before = servers(0, this.servers);
		List<Target> after = servers(1, this.servers + 1);
		int total = 0;
		int most = 0;
		for (int client = 0; client < this.clients; client++) {
			Set<Target> removed = new HashSet<>(selection.subset(client, before, this.size));
			removed.removeAll(selection.subset(client, after, this.size));
			total += removed.size();
			most = Math.max(most, removed.size());
		}
		return new Churn((double) total / this.clients, most);
	}

	/**
	 * Changed servers of the subsets.
	 *
	 * @param mean the mean of all clients
	 * @param most the maximum of all clients
	 */
	record Churn(double mean, int most) {
	}

}
