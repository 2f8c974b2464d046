package dev.servicepool.benchmarks.contender;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.load.LoadMetric;

/**
 * Contender that uses the pool of this project.
 */
final class ServicePoolContender implements Contender {

	private static final long POLL_NANOS = 1_000_000;

	private final Pool<String, String> pool;

	private ServicePoolContender(LoadMetric metric, int minServices, int maxServices) {
		this.pool = Pool.builder()
			.minServices(minServices)
			.maxServices(maxServices)
			.maxConcurrency(1)
			.maxWaiting(Integer.MAX_VALUE)
			.headroomWindow(Duration.ofHours(1))
			.closeTimeout(Duration.ZERO)
			.loadMetric(metric)
			.build((target) -> Service.of((request) -> request));
		this.pool.start();
	}

	/** Create a contender whose minimum is the given number of services. */
	static ServicePoolContender full(LoadMetric metric, int services) {
		ServicePoolContender contender = new ServicePoolContender(metric, services, services);
		while (contender.pool.snapshot().services().size() < services) {
			// A snapshot acquires the pool's lock and visits all services.
			LockSupport.parkNanos(POLL_NANOS);
		}
		return contender;
	}

	/**
	 * Create a contender that has scaled up from one service because of concurrent
	 * requests. The headroom window prevents the pool from scaling down.
	 */
	static ServicePoolContender scaledUp(LoadMetric metric, int services) {
		ServicePoolContender contender = new ServicePoolContender(metric, 1, services);
		List<Lease<String, String>> leases = new ArrayList<>();
		while (leases.size() < services) {
			Lease<String, String> lease = contender.pool.tryAcquire();
			if (lease != null) {
				leases.add(lease);
			}
		}
		leases.forEach(Lease::succeed);
		return contender;
	}

	@Override
	public Object acquire() throws InterruptedException {
		return this.pool.acquire();
	}

	@Override
	public void release(Object acquired) {
		((Lease<?, ?>) acquired).succeed();
	}

	@Override
	public void close() {
		this.pool.close();
	}

}
