package dev.servicepool.benchmarks.run;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.servicepool.benchmarks.contender.Contenders;
import dev.servicepool.benchmarks.http.Way;
import dev.servicepool.benchmarks.probe.ApplicationProbe;
import dev.servicepool.benchmarks.report.Bar;
import dev.servicepool.benchmarks.report.Bar.Value;

import static dev.servicepool.benchmarks.contender.Contenders.BAG;
import static dev.servicepool.benchmarks.contender.Contenders.BARE_PICK;
import static dev.servicepool.benchmarks.contender.Contenders.COMMONS_POOL;
import static dev.servicepool.benchmarks.contender.Contenders.COMMONS_POOL_FAIR;
import static dev.servicepool.benchmarks.contender.Contenders.PEAK_EWMA;
import static dev.servicepool.benchmarks.contender.Contenders.PENDING;
import static dev.servicepool.benchmarks.contender.Contenders.STORMPOT;

/**
 * What the pool is held to, beside its peers in the same run.
 */
final class Bars {

	private Bars() {
	}

	static List<Bar> all() {
		return Stream.of(acquire(), restClient(), experiments(), scale()).flatMap(List::stream).toList();
	}

	private static List<Bar> acquire() {
		Value idle = throughput(Titles.IDLE, PENDING);
		Value idlePeak = throughput(Titles.IDLE, PEAK_EWMA);
		return List.of(
				Bar.atLeast("8 idle, 1 thread, pending: throughput over that of HikariCP's bag", 0.8,
						idle.over(throughput(Titles.IDLE, BAG))),
				Bar.atLeast("the same over that of Stormpot", 1.5, idle.over(throughput(Titles.IDLE, STORMPOT))),
				Bar.atMost("8 idle, 1 thread, peak EWMA: time over that of reading the clock twice", 1.6,
						Value.of(Titles.CLOCK, "System.nanoTime", "throughput").over(idlePeak)),
				Bar.atLeast("the same: throughput over that of commons-pool2", 5,
						idlePeak.over(throughput(Titles.IDLE, COMMONS_POOL))),
				Bar.atLeast("8 idle, 2 threads, pending: throughput over that of the bare choice", 0.8,
						throughput(Titles.IDLE_PAIR, PENDING).over(throughput(Titles.IDLE_PAIR, BARE_PICK))),
				Bar.atMost("allocated per lease, in leases, pending", 1, allocated(PENDING)),
				Bar.atMost("the same, peak EWMA", 1, allocated(PEAK_EWMA)),
				Bar.atMost("1,024 idle, pending: time over that with 8", 2,
						idle.over(throughput(Titles.MANY, PENDING))),
				Bar.atMost("the same, peak EWMA", 2, idlePeak.over(throughput(Titles.MANY, PEAK_EWMA))),
				Bar.atMost("1,024, 95 % busy, pending: time over that with 8 idle", 2,
						idle.over(throughput(Titles.MANY_BUSY, PENDING))),
				Bar.atMost("the same, peak EWMA", 2, idlePeak.over(throughput(Titles.MANY_BUSY, PEAK_EWMA))),
				Bar.atLeast("64 threads on 8, no hold, pending: throughput over that of commons-pool2, fair", 5,
						throughput(Titles.CROWD, PENDING).over(throughput(Titles.CROWD, COMMONS_POOL_FAIR))),
				Bar.atLeast("the same, peak EWMA", 5,
						throughput(Titles.CROWD, PEAK_EWMA).over(throughput(Titles.CROWD, COMMONS_POOL_FAIR))),
				Bar.atLeast("64 threads on 8, 1 ms hold, peak EWMA: throughput over that of commons-pool2", 0.95,
						throughput(Titles.ACTIVE_LEASES, PEAK_EWMA)
							.over(throughput(Titles.ACTIVE_LEASES, COMMONS_POOL))),
				Bar.atMost("the same: longest wait over the mean", 5,
						Value.of(Titles.ACTIVE_LEASES, PEAK_EWMA, "longest wait as a multiple of the mean")));
	}

	private static Value throughput(String table, Contenders contender) {
		return Value.of(table, contender, "throughput");
	}

	private static Value allocated(Contenders contender) {
		return Value.of(Titles.LEASE, contender, "allocated")
			.over(Value.of(Titles.LEASE, contender, "size of the lease"));
	}

	private static List<Bar> restClient() {
		List<Bar> bars = new ArrayList<>();
		for (String measure : List.of("time", "allocated")) {
			Value direct = Value.of(Titles.CALL, Way.DIRECT, measure);
			Value own = Value.of(Titles.CALL, Way.INTERCEPTOR, measure).minus(direct);
			Value peer = Value.of(Titles.CALL, Way.LOAD_BALANCER, measure).minus(direct);
			bars.add(Bar.atMost("interceptor, " + measure + ": what it adds over what Spring Cloud LoadBalancer adds",
					0.5, own.over(peer)));
			bars.add(Bar.atMost("routed, " + measure + ": over that of a direct call", 1.15,
					Value.of(Titles.CALL, Way.ROUTED, measure).over(direct)));
			bars.add(Bar.atMost("routed to servers with other addresses, " + measure + ": over that of a direct call",
					1.15, Value.of(Titles.CALL, Way.ROUTED_ELSEWHERE, measure).over(direct)));
			bars.add(Bar.atMost("not pooled, " + measure + ": over that of a direct call", 1.03,
					Value.of(Titles.CALL, Way.NOT_POOLED, measure).over(direct)));
		}
		return bars;
	}

	private static List<Bar> experiments() {
		List<Bar> bars = new ArrayList<>();
		for (String balancer : List.of("peak EWMA", "least loaded")) {
			bars.add(Bar.atLeast("Beyond Round Robin, " + balancer + ": calls that succeed over those published", 1,
					published(Titles.BEYOND, balancer, "calls that succeed")));
		}
		for (String percentile : List.of("p50", "p90", "p99", "p99.9")) {
			bars.add(Bar.atMost("tower's demo, peak EWMA: " + percentile + " over that published", 1,
					published(Titles.DEMO, "peak EWMA", percentile)));
		}
		return bars;
	}

	private static Value published(String table, String balancer, String measure) {
		return Value.of(table, "pool: " + balancer, measure).over(Value.of(table, "published " + balancer, measure));
	}

	private static List<Bar> scale() {
		Value threads = application(ApplicationProbe.POOLS, "threads");
		Value heap = application(ApplicationProbe.POOLS, "heap");
		Value heapOfOne = heap.minus(application(ApplicationProbe.FACTORIES, "heap")).over((figures, jdk) -> 100);
		return List.of(
				Bar.atMost("100 pools: threads beside those of an application with none", 2,
						threads.minus(application(ApplicationProbe.NONE, "threads"))),
				Bar.atMost("the same: heap of each, KiB", 10, heapOfOne),
				Bar.atMost("the same: start-up over that of an application with none", 1.1,
						application(ApplicationProbe.POOLS, "start-up")
							.over(application(ApplicationProbe.NONE, "start-up"))));
	}

	private static Value application(String row, String measure) {
		return Value.of(Titles.APPLICATION, row, measure);
	}

}
