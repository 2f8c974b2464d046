package dev.servicepool.benchmarks.contender;

import com.twitter.finagle.ClientConnection;
import com.twitter.finagle.Service;
import com.twitter.finagle.loadbalancer.p2c.P2CPeakEwma;
import com.twitter.util.Await;

/**
 * Contender that uses Finagle's balancer with peak EWMA. It does not limit concurrency.
 */
final class FinagleContender implements Contender {

	private final P2CPeakEwma<Object, Object> balancer;

	FinagleContender(int services) {
		this.balancer = FinagleBalancer.create(services);
	}

	@Override
	public Object acquire() throws Exception {
		return Await.result(this.balancer.apply(ClientConnection.nil()));
	}

	@Override
	public void release(Object acquired) throws Exception {
		Await.result(((Service<?, ?>) acquired).close());
	}

	@Override
	public void close() {
		this.balancer.close();
	}

}
