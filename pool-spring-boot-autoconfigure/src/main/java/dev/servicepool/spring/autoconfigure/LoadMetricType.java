package dev.servicepool.spring.autoconfigure;

import dev.servicepool.load.LoadMetric;

/**
 * The load metrics that can be chosen by a property.
 */
public enum LoadMetricType {

	/** Latency times requests in flight plus one, peaks count at once. */
	PEAK_EWMA(LoadMetric.peakEwma()),

	/** Requests in flight. */
	PENDING_REQUESTS(LoadMetric.pendingRequests()),

	/** All services are equally loaded. */
	CONSTANT(LoadMetric.constant());

	private final LoadMetric metric;

	LoadMetricType(LoadMetric metric) {
		this.metric = metric;
	}

	LoadMetric metric() {
		return this.metric;
	}

}
