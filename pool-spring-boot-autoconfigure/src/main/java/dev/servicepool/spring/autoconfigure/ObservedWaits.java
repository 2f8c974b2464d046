package dev.servicepool.spring.autoconfigure;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.WaitObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Makes an observation of each wait for a pool, a child of the one of the request.
 */
final class ObservedWaits implements WaitObserver {

	/**
	 * Not the name of the timer of all callers, which is there without observations too.
	 */
	static final String NAME = "servicepool.wait";

	private final ObservationRegistry registry;

	ObservedWaits(ObservationRegistry registry) {
		this.registry = registry;
	}

	@Override
	public Lease<HttpCall, ClientHttpResponse> observe(Pool<?, ?> pool, Wait wait) throws InterruptedException {
		return Observation.createNotStarted(NAME, this.registry)
			.contextualName("wait for " + pool.name())
			.lowCardinalityKeyValue("pool", pool.name())
			.observeChecked(wait::forLease);
	}

}
