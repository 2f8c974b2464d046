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
 * The pool of this project.
 */
final class ServicePoolContender implements Contender {

	private static final long LOOK_NANOS = 1_000_000;

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

	/** One that must have all of its services. */
	static ServicePoolContender full(LoadMetric metric, int services) {
		ServicePoolContender contender = new ServicePoolContender(metric, services, services);
		while (contender.pool.snapshot().services().size() < services) {
			// Looking takes the pool's lock, and time in proportion to the services.
			LockSupport.parkNanos(LOOK_NANOS);
		}
		return contender;
	}

	/** One that has made them for so many requests at a time, and keeps them. */
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
