package dev.servicepool.sample;

/**
 * Callback for the outcomes of the calls of a caller.
 */
interface CallOutcomes {

	void succeeded(long nanos);

	void failed(RuntimeException cause);

}
