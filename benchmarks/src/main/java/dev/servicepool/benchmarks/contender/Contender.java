package dev.servicepool.benchmarks.contender;

/**
 * Something that gives out things and takes them back, whatever it calls that.
 */
public interface Contender extends AutoCloseable {

	/**
	 * Take one, waiting for it if need be.
	 * @return what to give back
	 * @throws Exception if there is none in time
	 */
	Object acquire() throws Exception;

	/**
	 * Give one back.
	 * @param acquired what {@link #acquire()} returned
	 * @throws Exception if that fails
	 */
	void release(Object acquired) throws Exception;

	@Override
	void close();

}
