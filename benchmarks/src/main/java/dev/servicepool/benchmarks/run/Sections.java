package dev.servicepool.benchmarks.run;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.benchmarks.AcquireBenchmark;
import dev.servicepool.benchmarks.CallersBenchmark;
import dev.servicepool.benchmarks.ClockBenchmark;
import dev.servicepool.benchmarks.Threads;
import dev.servicepool.benchmarks.contender.Contenders;
import dev.servicepool.benchmarks.http.LoopbackBenchmark;
import dev.servicepool.benchmarks.http.RestClientBenchmark;
import dev.servicepool.benchmarks.http.Way;
import dev.servicepool.benchmarks.picking.TrackerBenchmark;
import dev.servicepool.benchmarks.picking.PickBenchmark;
import dev.servicepool.benchmarks.picking.Pickers;
import dev.servicepool.benchmarks.probe.ApplicationProbe;
import dev.servicepool.benchmarks.probe.ActiveLeaseProbe;
import dev.servicepool.benchmarks.probe.LeaseProbe;
import dev.servicepool.benchmarks.probe.ServicesProbe;
import dev.servicepool.benchmarks.probe.WaitersProbe;

import static dev.servicepool.benchmarks.contender.Contenders.BAG;
import static dev.servicepool.benchmarks.contender.Contenders.BARE_PICK;
import static dev.servicepool.benchmarks.contender.Contenders.COMMONS_POOL;
import static dev.servicepool.benchmarks.contender.Contenders.COMMONS_POOL_FAIR;
import static dev.servicepool.benchmarks.contender.Contenders.FINAGLE;
import static dev.servicepool.benchmarks.contender.Contenders.PEAK_EWMA;
import static dev.servicepool.benchmarks.contender.Contenders.PEAK_EWMA_ABOVE_MINIMUM;
import static dev.servicepool.benchmarks.contender.Contenders.PENDING;
import static dev.servicepool.benchmarks.contender.Contenders.PENDING_ABOVE_MINIMUM;
import static dev.servicepool.benchmarks.contender.Contenders.REACTOR_POOL;
import static dev.servicepool.benchmarks.contender.Contenders.SEMAPHORE;
import static dev.servicepool.benchmarks.contender.Contenders.STORMPOT;

/**
 * Sections of the report, with everything that is measured.
 */
final class Sections {

	/** First Java version with virtual threads. */
	private static final int VIRTUAL_THREADS = 21;

	private Sections() {
	}

	static List<Section> all() {
		return List.of(acquire(), callers(), picking(), restClient(), scale());
	}

	private static Section acquire() {
		return Section.of("acquire", "Acquire and Release a Service",
				acquire(Titles.IDLE, 8, 0, 1, BAG, PENDING, PENDING_ABOVE_MINIMUM, PEAK_EWMA, PEAK_EWMA_ABOVE_MINIMUM,
						STORMPOT, COMMONS_POOL, COMMONS_POOL_FAIR, REACTOR_POOL, SEMAPHORE, BARE_PICK),
				JmhPlan.of(Titles.CLOCK, ClockBenchmark.class).rows("clock", "System.nanoTime"),
				ProbePlan.of(Titles.LEASE, LeaseProbe.class, PENDING, PEAK_EWMA),
				acquire(Titles.IDLE_PAIR, 8, 0, 2, BAG, PENDING, PENDING_ABOVE_MINIMUM, PEAK_EWMA, STORMPOT,
						COMMONS_POOL, SEMAPHORE, BARE_PICK)
					.rounds(6),
				acquire("8 Services, 50% Busy, 2 Threads", 8, 50, 2, BAG, PENDING, PEAK_EWMA, STORMPOT),
				acquire("64 Services, Idle, 8 Threads", 64, 0, 8, BAG, PENDING, PEAK_EWMA, COMMONS_POOL),
				acquire(Titles.MANY, 1024, 0, 1, BAG, PENDING, PEAK_EWMA, BARE_PICK),
				acquire(Titles.MANY_BUSY, 1024, 95, 1, BAG, PENDING, PEAK_EWMA, STORMPOT),
				acquire(Titles.WAITING_CALLERS, 8, 0, 64, COMMONS_POOL_FAIR, COMMONS_POOL, PENDING, PEAK_EWMA, BAG,
						STORMPOT, REACTOR_POOL, SEMAPHORE));
	}

	private static JmhPlan acquire(String title, int services, int busy, int threads, Contenders... contenders) {
		return JmhPlan.of(title, AcquireBenchmark.class)
			.rows("contender", (Object[]) contenders)
			.with("services", services)
			.with("busy", busy)
			.threads(threads);
	}

	private static Section callers() {
		return Section.of("callers", "Waiting Callers and Virtual Threads",
				activeLease(Titles.ACTIVE_LEASES, Threads.PLATFORM, COMMONS_POOL, COMMONS_POOL_FAIR, PENDING,
						PEAK_EWMA),
				activeLease("8 Services, 64 Virtual Threads, Leases of 1 ms", Threads.VIRTUAL, COMMONS_POOL, PEAK_EWMA),
				virtual(1), virtual(2), virtual(8), virtual(64));
	}

	private static Plan activeLease(String title, Threads threads, Contenders... contenders) {
		return ProbePlan.of(title, ActiveLeaseProbe.class, (Object[]) contenders)
			.arguments(threads)
			.forks(2)
			.since((threads == Threads.VIRTUAL) ? VIRTUAL_THREADS : 0);
	}

	private static Plan virtual(int callers) {
		return JmhPlan
			.of("8 Services, Immediate Release, %d Virtual Thread%s".formatted(callers, (callers > 1) ? "s" : ""),
					CallersBenchmark.class)
			.rows("contender", BAG, PENDING, PEAK_EWMA)
			.with("callers", callers)
			.with("threads", Threads.VIRTUAL)
			.since(VIRTUAL_THREADS);
	}

	private static Section picking() {
		return Section.of("picking", "Picking and Load Metrics", pick(2), pick(8), pick(64), pick(1024),
				JmhPlan.of("Load Tracker, One Request, 1 Thread", TrackerBenchmark.class)
					.methods("finaglePeakEwma", "poolPeakEwma"),
				JmhPlan.of("Load Tracker, One Request per Thread, 2 Threads", TrackerBenchmark.class)
					.methods("finaglePeakEwma", "poolPeakEwma")
					.threads(2),
				acquire("Acquire and Release, 8 Services, 1 Thread", 8, 0, 1, FINAGLE, PEAK_EWMA),
				acquire("Acquire and Release, 8 Services, 2 Threads", 8, 0, 2, FINAGLE, PEAK_EWMA));
	}

	private static Plan pick(int services) {
		return JmhPlan.of("Pick One of %,d".formatted(services), PickBenchmark.class)
			.rows("picker", Pickers.ROUND_ROBIN, Pickers.POWER_OF_TWO_CHOICES)
			.with("services", services);
	}

	private static Section restClient() {
		return Section.of("rest-client", "RestClient",
				JmhPlan.of(Titles.CALL, RestClientBenchmark.class)
					.rows("way", Way.DIRECT, Way.ROUTED, Way.ROUTED_ELSEWHERE, Way.NOT_POOLED, Way.INTERCEPTOR,
							Way.LOAD_BALANCER)
					.iterations(6, 400)
					.rounds(4),
				loopback("HTTP/1.1 over Loopback, 8 Threads", HttpClient.Version.HTTP_1_1),
				loopback("HTTP/2 over Loopback, 8 Threads", HttpClient.Version.HTTP_2));
	}

	private static Plan loopback(String title, HttpClient.Version version) {
		return JmhPlan.of(title, LoopbackBenchmark.class)
			.rows("client", LoopbackBenchmark.Client.PLAIN, LoopbackBenchmark.Client.POOLED)
			.with("version", version)
			.threads(8)
			.iterations(10, 2000);
	}

	private static Section scale() {
		return Section.of("scale", "Scale",
				ProbePlan
					.of("Cost per Service in a Pool of 1,024 Services", ServicesProbe.class, STORMPOT, COMMONS_POOL,
							PENDING, PEAK_EWMA)
					.forks(1),
				waiters("10,000 Callers Wait for 8 Services", Threads.PLATFORM, 0),
				waiters("10,000 Callers on Virtual Threads Wait for 8 Services", Threads.VIRTUAL, VIRTUAL_THREADS),
				ProbePlan
					.of(Titles.APPLICATION, ApplicationProbe.class, ApplicationProbe.NONE, ApplicationProbe.FACTORIES,
							ApplicationProbe.POOLS)
					.forks(10)
					.options(Memory.options("128m")),
				ProbePlan
					.of("Application with 100 Pools, Each Used Once", ApplicationProbe.class, ApplicationProbe.USED)
					.forks(1)
					.options(Memory.options("128m")));
	}

	private static Plan waiters(String title, Threads threads, int feature) {
		List<String> options = new ArrayList<>(Memory.options("512m"));
		options.add("-Xss256k");
		return ProbePlan.of(title, WaitersProbe.class, SEMAPHORE, COMMONS_POOL_FAIR, PEAK_EWMA)
			.arguments(threads)
			.options(options)
			.since(feature)
			.forks(1);
	}

}
