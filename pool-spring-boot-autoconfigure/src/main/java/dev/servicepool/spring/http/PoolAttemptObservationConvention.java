package dev.servicepool.spring.http;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * {@link ObservationConvention} for the further attempts of HTTP requests. Declare a bean
 * of this type to change the name or the key values of the observation.
 */
public interface PoolAttemptObservationConvention extends ObservationConvention<PoolAttemptContext> {

	/** The default name of the observation. */
	String DEFAULT_NAME = "servicepool.attempt";

	@Override
	default String getName() {
		return DEFAULT_NAME;
	}

	@Override
	default String getContextualName(PoolAttemptContext context) {
		return "attempt of " + context.getPoolName();
	}

	@Override
	default KeyValues getLowCardinalityKeyValues(PoolAttemptContext context) {
		return KeyValues.of("pool", context.getPoolName(), "reason", context.getReason());
	}

	/** Return the target, because targets change over time. */
	@Override
	default KeyValues getHighCardinalityKeyValues(PoolAttemptContext context) {
		return KeyValues.of("target", context.getTargetName());
	}

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof PoolAttemptContext;
	}

}
