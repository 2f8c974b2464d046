package dev.servicepool.spring.options;

import dev.servicepool.load.LoadMetric;

/**
 * Load metrics that a property can select.
 */
public enum LoadMetricType {

	/**
	 * Latency x (requests in flight + 1). Latency peaks count immediately.
	 */
	PEAK_EWMA(LoadMetric.peakEwma()),

	/** Number of requests in flight. */
	PENDING_REQUESTS(LoadMetric.pendingRequests()),

	/** The same load score for all services. */
	CONSTANT(LoadMetric.constant());

	private final LoadMetric metric;

	LoadMetricType(LoadMetric metric) {
		this.metric = metric;
	}

	LoadMetric metric() {
		return this.metric;
	}

}
