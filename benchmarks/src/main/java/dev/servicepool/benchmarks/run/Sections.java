package dev.servicepool.benchmarks.run;

import java.util.List;

import dev.servicepool.benchmarks.AcquireBenchmark;
import dev.servicepool.benchmarks.CallersBenchmark;
import dev.servicepool.benchmarks.ClockBenchmark;
import dev.servicepool.benchmarks.Threads;
import dev.servicepool.benchmarks.contender.Contenders;
import dev.servicepool.benchmarks.http.RestClientBenchmark;
import dev.servicepool.benchmarks.http.Way;
import dev.servicepool.benchmarks.probe.HoldProbe;
import dev.servicepool.benchmarks.probe.LeaseProbe;

import static dev.servicepool.benchmarks.contender.Contenders.BAG;
import static dev.servicepool.benchmarks.contender.Contenders.BARE_CHOICE;
import static dev.servicepool.benchmarks.contender.Contenders.COMMONS_POOL;
import static dev.servicepool.benchmarks.contender.Contenders.COMMONS_POOL_FAIR;
import static dev.servicepool.benchmarks.contender.Contenders.PEAK_EWMA;
import static dev.servicepool.benchmarks.contender.Contenders.PEAK_EWMA_ABOVE_MINIMUM;
import static dev.servicepool.benchmarks.contender.Contenders.PENDING;
import static dev.servicepool.benchmarks.contender.Contenders.PENDING_ABOVE_MINIMUM;
import static dev.servicepool.benchmarks.contender.Contenders.REACTOR_POOL;
import static dev.servicepool.benchmarks.contender.Contenders.SEMAPHORE;
import static dev.servicepool.benchmarks.contender.Contenders.STORMPOT;

/**
 * All that is measured.
 */
final class Sections {

	/** The first version of Java that has virtual threads. */
	private static final int VIRTUAL_THREADS = 21;

	private Sections() {
	}

	static List<Section> all() {
		return List.of(acquire(), callers(), restClient(), experiments());
	}

	private static Section acquire() {
		return Section.of("acquire", "Take a service and give it back",
				"""
						No work in between; each service is taken by one caller at a time. *pending* and *peak ewma* are this pool by its load
						metric, *above minimum* when it has more services than its minimum. *bag* is HikariCP's `ConcurrentBag` without the rest of
						HikariCP, *bare choice* nothing but power of two choices over exact counters in cache lines of their own.
						""",
				acquire(Titles.IDLE, 8, 0, 1, BAG, PENDING, PENDING_ABOVE_MINIMUM, PEAK_EWMA, PEAK_EWMA_ABOVE_MINIMUM,
						STORMPOT, COMMONS_POOL, COMMONS_POOL_FAIR, REACTOR_POOL, SEMAPHORE, BARE_CHOICE),
				JmhPlan.of(Titles.CLOCK, ClockBenchmark.class).rows("clock", "System.nanoTime"),
				ProbePlan.of(Titles.LEASE, LeaseProbe.class, PENDING, PEAK_EWMA),
				acquire(Titles.IDLE_PAIR, 8, 0, 2, BAG, PENDING, PENDING_ABOVE_MINIMUM, PEAK_EWMA, STORMPOT,
						COMMONS_POOL, SEMAPHORE, BARE_CHOICE),
				acquire("8 services, 50 % busy, 2 threads", 8, 50, 2, BAG, PENDING, PEAK_EWMA, STORMPOT),
				acquire("64 services, idle, 8 threads", 64, 0, 8, BAG, PENDING, PEAK_EWMA, STORMPOT, COMMONS_POOL,
						BARE_CHOICE),
				acquire(Titles.MANY, 1024, 0, 1, BAG, PENDING, PEAK_EWMA, BARE_CHOICE),
				acquire(Titles.MANY_BUSY, 1024, 95, 1, BAG, PENDING, PEAK_EWMA, STORMPOT),
				acquire(Titles.CROWD, 8, 0, 64, COMMONS_POOL_FAIR, COMMONS_POOL, PENDING, PEAK_EWMA, BAG, STORMPOT,
						REACTOR_POOL, SEMAPHORE));
	}

	private static Plan acquire(String title, int services, int busy, int threads, Contenders... contenders) {
		return JmhPlan.of(title, AcquireBenchmark.class)
			.rows("contender", (Object[]) contenders)
			.with("services", services)
			.with("busy", busy)
			.threads(threads);
	}

	private static Section callers() {
		return Section.of("callers", "Callers who wait, and callers on virtual threads",
				"""
						With a hold of 1 ms, 8 services can end fewer than 8,000 calls a second. Without a hold, a caller on a virtual thread gives
						way to others only when it waits.
						""",
				hold(Titles.HOLD, Threads.PLATFORM), hold(Titles.HOLD + ", virtual", Threads.VIRTUAL), virtual(1),
				virtual(2), virtual(8), virtual(64));
	}

	private static Plan hold(String title, Threads threads) {
		return ProbePlan.of(title, HoldProbe.class, COMMONS_POOL, COMMONS_POOL_FAIR, PENDING, PEAK_EWMA)
			.arguments(threads)
			.since((threads == Threads.VIRTUAL) ? VIRTUAL_THREADS : 0);
	}

	private static Plan virtual(int callers) {
		return JmhPlan
			.of("8 services, no hold, %d virtual thread%s".formatted(callers, (callers > 1) ? "s" : ""),
					CallersBenchmark.class)
			.rows("contender", BAG, PENDING, PEAK_EWMA, STORMPOT, COMMONS_POOL)
			.with("callers", callers)
			.with("threads", Threads.VIRTUAL)
			.since(VIRTUAL_THREADS);
	}

	private static Section restClient() {
		return Section.of("rest-client", "RestClient",
				"""
						A GET by a client that Boot has built, whose answer, a short text, is read. *direct* is Boot without pools, *routed* a pool of
						eight targets found by the address, *not pooled* the same client with another address, *interceptor* a client set up by
						`RestClientPools`, *load balancer* Spring Cloud LoadBalancer's with eight instances. Nothing is sent.
						""",
				JmhPlan.of(Titles.CALL, RestClientBenchmark.class)
					.rows("way", Way.DIRECT, Way.ROUTED, Way.NOT_POOLED, Way.INTERCEPTOR, Way.LOAD_BALANCER)
					.iterations(8, 500));
	}

	private static Section experiments() {
		String program = "dev.servicepool.faults.PublishedExperiments";
		Object[] all = { "published peak EWMA", "pool: peak EWMA", "published least loaded", "pool: least loaded",
				"published round robin", "simulated round robin" };
		return Section.of("experiments", "Published experiments",
				"""
						The pool itself, in virtual time, beside what others have published of the same algorithms. Error bars are over three seeds.

						- [Beyond Round Robin](https://linkerd.io/2016/03/16/beyond-round-robin-load-balancing-for-latency/): 1,000 calls a second, a
						  timeout of 1 s; one of the backends takes 2 s for half of the time.
						- [The demo of tower's balancer](https://github.com/tower-rs/tower/pull/76): 50 callers make 50,000 calls to ten endpoints that take up
						  to 1, 10, 10, 10, 10, 100, 100, 100, 100 and 1000 ms. Whole milliseconds, as there.
						- The same as that demo was changed later, without figures: 500 callers, and up to 1, 5, 10, 10, 10, 100, 100, 100, 500 and 1000 ms.
						  One draw in 45 is of the two slow ones, whose better one takes up to 500 ms: no choice between two can have a p99 below 275 ms.
						""",
				simulated(Titles.BEYOND, program, "beyond-round-robin", all),
				simulated(Titles.DEMO, program, "balance-demo", all),
				simulated("The same with more callers and more slow endpoints", program, "later-balance-demo",
						"simulated round robin", "pool: peak EWMA", "pool: least loaded"));
	}

	private static Plan simulated(String title, String program, String experiment, Object... rows) {
		return ProbePlan.of(title, program, rows).arguments(experiment).forks(1);
	}

}
