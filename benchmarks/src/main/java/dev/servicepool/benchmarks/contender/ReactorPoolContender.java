package dev.servicepool.benchmarks.contender;

import java.time.Duration;

import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.pool.PooledRef;

/**
 * Contender that uses Reactor Pool. Its callers block.
 */
final class ReactorPoolContender implements Contender {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final InstrumentedPool<Object> pool;

	ReactorPoolContender(int services) {
		this.pool = PoolBuilder.from(Mono.fromSupplier(Object::new)).sizeBetween(services, services).buildPool();
		this.pool.warmup().block(TIMEOUT);
	}

	@Override
	public Object acquire() {
		return this.pool.acquire().block(TIMEOUT);
	}

	@Override
	public void release(Object acquired) {
		((PooledRef<?>) acquired).release().block(TIMEOUT);
	}

	@Override
	public void close() {
		this.pool.dispose();
	}

}
