package dev.servicepool.benchmarks.contender;

import java.time.Duration;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.load.LoadMetric;

/**
 * The pool of this project.
 */
final class ServicePoolContender implements Contender {

	private final Pool<String, String> pool;

	ServicePoolContender(LoadMetric metric, int services) {
		this.pool = Pool.builder()
			.minServices(services)
			.maxServices(services)
			.maxConcurrency(1)
			.maxWaiting(Integer.MAX_VALUE)
			.closeTimeout(Duration.ZERO)
			.loadMetric(metric)
			.build((target) -> Service.of((request) -> request));
		this.pool.start();
		while (this.pool.snapshot().members().size() < services) {
			Thread.onSpinWait();
		}
	}

	@Override
	public Object take() throws InterruptedException {
		return this.pool.acquire();
	}

	@Override
	public void giveBack(Object taken) {
		((Lease<?, ?>) taken).succeeded();
	}

	@Override
	public void close() {
		this.pool.close();
	}

}
