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
 * Bars that the pool must meet. Most of them compare the pool with a peer of the same
 * run.
 */
final class Bars {

	private Bars() {
	}

	static List<Bar> all() {
		return Stream.of(acquire(), restClient(), scale()).flatMap(List::stream).toList();
	}

	private static List<Bar> acquire() {
		Value idle = throughput(Titles.IDLE, PENDING);
		Value idlePeak = throughput(Titles.IDLE, PEAK_EWMA);
		return List.of(
				Bar.atLeast("8 services, idle, 1 thread, pending: throughput relative to HikariCP's bag", 0.8,
						idle.over(throughput(Titles.IDLE, BAG))),
				Bar.atLeast("8 services, idle, 1 thread, pending: throughput relative to Stormpot", 1.5,
						idle.over(throughput(Titles.IDLE, STORMPOT))),
				Bar.atMost("8 services, idle, 1 thread, peak EWMA: time relative to two readings of the clock", 1.6,
						Value.of(Titles.CLOCK, "System.nanoTime", "throughput").over(idlePeak)),
				Bar.atLeast("8 services, idle, 1 thread, peak EWMA: throughput relative to commons-pool2", 5,
						idlePeak.over(throughput(Titles.IDLE, COMMONS_POOL))),
				Bar.atLeast("8 services, idle, 2 threads, pending: throughput relative to the bare pick", 0.8,
						throughput(Titles.IDLE_PAIR, PENDING).over(throughput(Titles.IDLE_PAIR, BARE_PICK))),
				Bar.atMost("pending: allocated memory per lease relative to the size of a lease", 1,
						allocated(PENDING)),
				Bar.atMost("peak EWMA: allocated memory per lease relative to the size of a lease", 1,
						allocated(PEAK_EWMA)),
				Bar.atMost("1,024 services, idle, pending: time relative to 8 idle services", 2,
						idle.over(throughput(Titles.MANY, PENDING))),
				Bar.atMost("1,024 services, idle, peak EWMA: time relative to 8 idle services", 2,
						idlePeak.over(throughput(Titles.MANY, PEAK_EWMA))),
				Bar.atMost("1,024 services, 95% busy, pending: time relative to 8 idle services", 2,
						idle.over(throughput(Titles.MANY_BUSY, PENDING))),
				Bar.atMost("1,024 services, 95% busy, peak EWMA: time relative to 8 idle services", 2,
						idlePeak.over(throughput(Titles.MANY_BUSY, PEAK_EWMA))),
				Bar.atLeast("8 services, 64 threads, callers wait, pending: throughput relative to fair commons-pool2",
						5,
						throughput(Titles.WAITING_CALLERS, PENDING)
							.over(throughput(Titles.WAITING_CALLERS, COMMONS_POOL_FAIR))),
				Bar.atLeast(
						"8 services, 64 threads, callers wait, peak EWMA: throughput relative to fair commons-pool2", 5,
						throughput(Titles.WAITING_CALLERS, PEAK_EWMA)
							.over(throughput(Titles.WAITING_CALLERS, COMMONS_POOL_FAIR))),
				Bar.atLeast("8 services, 64 threads, leases of 1 ms, peak EWMA: throughput relative to commons-pool2",
						0.95,
						throughput(Titles.ACTIVE_LEASES, PEAK_EWMA)
							.over(throughput(Titles.ACTIVE_LEASES, COMMONS_POOL))),
				Bar.atMost("8 services, 64 threads, leases of 1 ms, peak EWMA: longest wait relative to the mean wait",
						5, Value.of(Titles.ACTIVE_LEASES, PEAK_EWMA, "longest wait as a multiple of the mean")));
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
			bars.add(Bar.atMost(
					"interceptor, " + measure + ": overhead relative to the overhead of Spring Cloud LoadBalancer", 0.5,
					own.over(peer)));
			bars.add(Bar.atMost("routed, " + measure + ": relative to a direct call", 1.15,
					Value.of(Titles.CALL, Way.ROUTED, measure).over(direct)));
			bars.add(Bar.atMost("routed elsewhere, " + measure + ": relative to a direct call", 1.15,
					Value.of(Titles.CALL, Way.ROUTED_ELSEWHERE, measure).over(direct)));
			bars.add(Bar.atMost("not pooled, " + measure + ": relative to a direct call", 1.03,
					Value.of(Titles.CALL, Way.NOT_POOLED, measure).over(direct)));
		}
		return bars;
	}

	private static List<Bar> scale() {
		Value threads = application(ApplicationProbe.POOLS, "threads");
		Value heap = application(ApplicationProbe.POOLS, "heap");
		Value heapOfOne = heap.minus(application(ApplicationProbe.FACTORIES, "heap")).over((figures, jdk) -> 100);
		return List.of(
				Bar.atMost("100 pools: additional threads compared with an application without pools", 2,
						threads.minus(application(ApplicationProbe.NONE, "threads"))),
				Bar.atMost("100 pools: heap per pool, KiB", 10, heapOfOne),
				Bar.atMost("100 pools: startup time relative to an application without pools", 1.1,
						application(ApplicationProbe.POOLS, "startup")
							.over(application(ApplicationProbe.NONE, "startup"))));
	}

	private static Value application(String row, String measure) {
		return Value.of(Titles.APPLICATION, row, measure);
	}

}
