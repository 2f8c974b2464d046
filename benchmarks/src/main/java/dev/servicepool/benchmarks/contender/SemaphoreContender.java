package dev.servicepool.benchmarks.contender;

import java.util.concurrent.Semaphore;

/**
 * A semaphore, which does not say which of the services was taken.
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
