package dev.servicepool.benchmarks.contender;

import java.time.Duration;

import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

/**
 * Contender that uses Commons Pool.
 */
final class CommonsPoolContender implements Contender {

	private final GenericObjectPool<Object> pool;

	CommonsPoolContender(int services, boolean fair) {
		GenericObjectPoolConfig<Object> config = new GenericObjectPoolConfig<>();
		config.setMaxTotal(services);
		config.setMaxIdle(services);
		config.setFairness(fair);
		config.setMaxWait(Duration.ofSeconds(30));
		config.setJmxEnabled(false);
		this.pool = new GenericObjectPool<>(new Objects(), config);
		try {
			this.pool.addObjects(services);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public Object acquire() throws Exception {
		return this.pool.borrowObject();
	}

	@Override
	public void release(Object acquired) {
		this.pool.returnObject(acquired);
	}

	@Override
	public void close() {
		this.pool.close();
	}

	private static final class Objects extends BasePooledObjectFactory<Object> {

		@Override
		public Object create() {
			return new Object();
		}

		@Override
		public PooledObject<Object> wrap(Object object) {
			return new DefaultPooledObject<>(object);
		}

	}

}
