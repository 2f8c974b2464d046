package dev.servicepool.sample;

/**
 * Is told how the calls of a caller end.
 */
interface CallOutcomes {

	void succeeded(long nanos);

	void failed(RuntimeException cause);

}
