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
	Object take() throws Exception;

	/**
	 * Give one back.
	 * @param taken what {@link #take()} returned
	 * @throws Exception if that fails
	 */
	void giveBack(Object taken) throws Exception;

	@Override
	void close();

}
