package dev.servicepool.faults;

import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.servicepool.faults.SubsetExperiment.Churn;
import dev.servicepool.faults.SubsetExperiment.Selection;
import dev.servicepool.faults.ZoneExperiment.Run;

/**
 * Report on pools that prefer their own zone, or a subset of their targets.
 */
final class FleetReport {

	static final String PAGE = "fleet-report.md";

	private static final long SEED = 1;

	private static final String TEXT = """
			# Fleet Report

			A program computes these figures in virtual time.
			[Fleets](fleet.md) explains the settings.
			A test compares this page with the code.
			To write it, run the following command:

			```shell
			mvn -pl pool-core test -DexcludedGroups= -Dtest=FleetReportTests -Dfleet-report.write=true
			```

			## Zones

			Three zones have four servers each.
			A server processes up to ten requests concurrently, and a request takes 35 to 65 ms.
			All callers are in one zone, and their requests arrive at random.
			A failed request is sent again once, except by Spring Cloud LoadBalancer.
			The load is a multiple of what the servers of one zone can process.
			*Spring Cloud* is round robin over the instances in the own zone, as long as the registry lists any.
			Resizes are services that are created or retired per minute.

			### All Servers Work

			| load | client | requests in the own zone, %% | p99, ms | calls that succeed, %% | resizes/min |
			|--:|---|--:|--:|--:|--:|
			%s
			### The Own Zone Is Lost for Two Minutes, at Half Load

			The registry of Spring Cloud removes the instances 90 s after the loss.
			*Back* is the share of the requests that use the own zone from 30 s after its return.

			| loss | client | calls that succeed during the loss, %% | p99 then, ms | back, %% | resizes/min |
			|---|---|--:|--:|--:|--:|
			%s
			## Subsets

			Each client is a pool with an identity of its own, and has one service for each preferred server.
			*Connections* are the services for one server, of all clients together.
			The spread is the standard deviation of their number, divided by the mean.
			*Churn* is the number of servers in the subset of a client that change when one server is replaced.

			| clients | servers | subset | connections per server: mean | lowest | highest | spread | churn: mean | highest |
			|--:|--:|--:|--:|--:|--:|--:|--:|--:|
			%s
			### Latency

			A server processes up to ten requests concurrently, and a request takes 35 to 65 ms, without the wait at the server.
			All clients have the same load, which is a share of what all servers can process.
			The wait before that, in the pool, counts too.

			| clients | servers | subset | load | p99, ms |
			|--:|--:|--:|--:|--:|
			%s
			### Spread Compared with gRPC

			These are the examples of [gRFC A68](https://github.com/grpc/proposal/blob/master/A68-random-subsetting.md).
			A client of gRPC has a random subset, so that its mean spread can be computed.
			The spread of the pools is the root mean square of %d seeds.

			| clients | servers | subset | spread of pools | spread of random subsets |
			|--:|--:|--:|--:|--:|
			%s""";

	private static final int SEEDS = 100;

	private FleetReport() {
	}

	/** Run all experiments and return the text of the page. */
	static String text() {
		return TEXT.formatted(steady(0.5) + steady(1.5),
				lost("connections are refused", Reply.failure(0.001)) + lost("no responses", Reply.silence()),
				SubsetExperiment.FLEETS.stream().map(FleetReport::fleet).collect(Collectors.joining()),
				SubsetExperiment.LATENCIES.stream().map(FleetReport::latency).collect(Collectors.joining()), SEEDS,
				SubsetExperiment.GRPC.stream().map(FleetReport::grpc).collect(Collectors.joining()));
	}

	private static String fleet(SubsetExperiment fleet) {
		Selection selection = SubsetExperiment.pools(SEED);
		IntSummaryStatistics connections = IntStream.of(fleet.connections(selection)).summaryStatistics();
		Churn churn = fleet.churn(selection);
		return row(List.of(format(fleet.clients()), format(fleet.servers()),
				(fleet.size() > 0) ? format(fleet.size()) : "none", format("%,.0f", connections.getAverage()),
				format(connections.getMin()), format(connections.getMax()), format("%.2f", fleet.spread(1)),
				format("%.2f", churn.mean()), format(churn.most())));
	}

	private static String latency(SubsetExperiment fleet) {
		return latency(fleet, 0.5) + latency(fleet, 0.8);
	}

	private static String latency(SubsetExperiment fleet, double load) {
		return row(List.of(format(fleet.clients()), format(fleet.servers()),
				(fleet.size() > 0) ? format(fleet.size()) : "none", Math.round(100 * load) + " %",
				format("%.0f", 1000 * FleetSimulation.p99(fleet, load, SEED))));
	}

	private static String grpc(SubsetExperiment example) {
		return row(List.of(format(example.clients()), format(example.servers()), format(example.size()),
				format("%.3f", example.spread(SEEDS)), format("%.3f", example.randomSpread())));
	}

	private static String format(int count) {
		return String.format(Locale.ROOT, "%,d", count);
	}

	private static String steady(double load) {
		FaultScenario scenario = ZoneExperiment.steady(load);
		String percent = Math.round(100 * load) + " %";
		return steady(percent, "pool with zones", ZoneExperiment.zones(scenario, SEED))
				+ steady(percent, "pool without zones", ZoneExperiment.withoutZones(scenario, SEED))
				+ steady(percent, "Spring Cloud", ZoneExperiment.springCloud(scenario, false, SEED));
	}

	private static String steady(String load, String client, Run run) {
		double from = ZoneExperiment.WARM_UP;
		double to = ZoneExperiment.STEADY_SECONDS;
		return row(List.of(load, client, format("%.1f", run.localPercent(from, to)), p99(run, from, to),
				format("%.3f", run.log().successPercent(from, to)), resizes(run, client, from, to)));
	}

	private static String lost(String loss, Reply reply) {
		FaultScenario scenario = ZoneExperiment.lost(reply, 0.5);
		return lost(loss, "pool with zones", ZoneExperiment.zones(scenario, SEED))
				+ lost(loss, "pool without zones", ZoneExperiment.withoutZones(scenario, SEED))
				+ lost(loss, "Spring Cloud", ZoneExperiment.springCloud(scenario, true, SEED));
	}

	private static String lost(String loss, String client, Run run) {
		double from = ZoneExperiment.LOST_AT;
		double to = ZoneExperiment.BACK_AT;
		return row(List.of(loss, client, format("%.3f", run.log().successPercent(from, to)), p99(run, from, to),
				format("%.1f", run.localPercent(to + 30, ZoneExperiment.SECONDS)),
				resizes(run, client, ZoneExperiment.WARM_UP, ZoneExperiment.SECONDS)));
	}

	private static String p99(Run run, double from, double to) {
		return (run.log().successPercent(from, to) > 0) ? format("%.0f", 1000 * run.log().p99(from, to)) : "–";
	}

	private static String resizes(Run run, String client, double from, double to) {
		return client.startsWith("pool") ? format("%.1f", run.resizesPerMinute(from, to)) : "–";
	}

	private static String row(List<String> cells) {
		return "| " + String.join(" | ", cells) + " |\n";
	}

	private static String format(String format, double value) {
		return String.format(Locale.ROOT, format, value);
	}

}
