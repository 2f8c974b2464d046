package dev.servicepool.benchmarks.contender;

import java.util.function.IntFunction;

import dev.servicepool.load.LoadMetric;

/**
 * All that are compared. Each has a number of services, or whatever it pools, that can be
 * taken by one at a time.
 */
public enum Contenders {

	/** This pool, with the metric that needs no clock. */
	PENDING((services) -> ServicePoolContender.full(LoadMetric.pendingRequests(), services)),

	/** This pool, with the metric that it has by default. */
	PEAK_EWMA((services) -> ServicePoolContender.full(LoadMetric.peakEwma(), services)),

	/** The same when it has more services than it must have, because of recent demand. */
	PENDING_ABOVE_MINIMUM((services) -> ServicePoolContender.scaledUp(LoadMetric.pendingRequests(), services)),

	/** The same with the metric that it has by default. */
	PEAK_EWMA_ABOVE_MINIMUM((services) -> ServicePoolContender.scaledUp(LoadMetric.peakEwma(), services)),

	/** What HikariCP keeps its connections in. */
	BAG(ConcurrentBagContender::new),

	/** Stormpot. */
	STORMPOT(StormpotContender::new),

	/** Commons Pool, first come first served. */
	COMMONS_POOL_FAIR((services) -> new CommonsPoolContender(services, true)),

	/** Commons Pool as it is by default. */
	COMMONS_POOL((services) -> new CommonsPoolContender(services, false)),

	/** Reactor Pool, waited for by its callers. */
	REACTOR_POOL(ReactorPoolContender::new),

	/** A semaphore, which gives out nothing but the right to go on. */
	SEMAPHORE(SemaphoreContender::new),

	/** The lower of two counters, and nothing else: what power of two choices costs. */
	BARE_PICK(BarePickContender::new),

	/** Finagle's balancer with peak EWMA, which limits nothing. */
	FINAGLE(FinagleContender::new);

	private final IntFunction<Contender> constructor;

	Contenders(IntFunction<Contender> constructor) {
		this.constructor = constructor;
	}

	/**
	 * Make one that has all its services already.
	 * @param services how many
	 * @return the contender
	 */
	public Contender create(int services) {
		return this.constructor.apply(services);
	}

}
