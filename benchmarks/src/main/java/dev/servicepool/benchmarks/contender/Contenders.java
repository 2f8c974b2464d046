package dev.servicepool.benchmarks.contender;

import java.util.function.IntFunction;

import dev.servicepool.load.LoadMetric;

/**
 * Contenders that are compared. Each service has one permit, except in {@link #BARE_PICK}
 * and {@link #FINAGLE}, which do not limit concurrency.
 */
public enum Contenders {

	/** This pool with the metric that reads no clock. */
	PENDING((services) -> ServicePoolContender.full(LoadMetric.pendingRequests(), services)),

	/** This pool with the default metric. */
	PEAK_EWMA((services) -> ServicePoolContender.full(LoadMetric.peakEwma(), services)),

	/** {@link #PENDING} with more services than its minimum, because of recent demand. */
	PENDING_ABOVE_MINIMUM((services) -> ServicePoolContender.scaledUp(LoadMetric.pendingRequests(), services)),

	/**
	 * {@link #PEAK_EWMA} with more services than its minimum, because of recent demand.
	 */
	PEAK_EWMA_ABOVE_MINIMUM((services) -> ServicePoolContender.scaledUp(LoadMetric.peakEwma(), services)),

	/** The collection of HikariCP's connections. */
	BAG(ConcurrentBagContender::new),

	/** Stormpot. */
	STORMPOT(StormpotContender::new),

	/** Commons Pool that serves waiting callers in FIFO order. */
	COMMONS_POOL_FAIR((services) -> new CommonsPoolContender(services, true)),

	/** Commons Pool with its default order of waiting callers. */
	COMMONS_POOL((services) -> new CommonsPoolContender(services, false)),

	/** Reactor Pool, whose callers block. */
	REACTOR_POOL(ReactorPoolContender::new),

	/** A semaphore, which provides only permits. */
	SEMAPHORE(SemaphoreContender::new),

	/** Only power of two choices, without limits. */
	BARE_PICK(BarePickContender::new),

	/** Finagle's balancer with peak EWMA, without limits. */
	FINAGLE(FinagleContender::new);

	private final IntFunction<Contender> constructor;

	Contenders(IntFunction<Contender> constructor) {
		this.constructor = constructor;
	}

	/**
	 * Create a contender whose services are ready.
	 * @param services the number of services
	 * @return the contender
	 */
	public Contender create(int services) {
		return this.constructor.apply(services);
	}

}
