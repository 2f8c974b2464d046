package dev.servicepool.spring.http;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * {@link ObservationConvention} for the time that HTTP requests wait for a lease. Declare
 * a bean of this type to change the name or the key values of the observation.
 */
public interface PoolWaitObservationConvention extends ObservationConvention<PoolWaitContext> {

	/** The default name of the observation. */
	String DEFAULT_NAME = "servicepool.wait";

	@Override
	default String getName() {
		return DEFAULT_NAME;
	}

	@Override
	default String getContextualName(PoolWaitContext context) {
		return "wait for " + context.getPoolName();
	}

	@Override
	default KeyValues getLowCardinalityKeyValues(PoolWaitContext context) {
		return KeyValues.of("pool", context.getPoolName());
	}

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof PoolWaitContext;
	}

}
