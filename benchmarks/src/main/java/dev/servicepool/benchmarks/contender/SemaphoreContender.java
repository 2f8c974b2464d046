package dev.servicepool.benchmarks.contender;

import java.util.concurrent.Semaphore;

/**
 * Contender that uses a semaphore, which does not identify the acquired service.
 */
final class SemaphoreContender implements Contender {

	private final Semaphore semaphore;

	SemaphoreContender(int services) {
		this.semaphore = new Semaphore(services);
	}

	@Override
	public Object acquire() throws InterruptedException {
		this.semaphore.acquire();
		return this.semaphore;
	}

	@Override
	public void release(Object acquired) {
		this.semaphore.release();
	}

	@Override
	public void close() {
	}

}
