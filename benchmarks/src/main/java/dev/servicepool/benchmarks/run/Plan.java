package dev.servicepool.benchmarks.run;

import java.util.List;

import dev.servicepool.benchmarks.report.Figure;
import dev.servicepool.benchmarks.report.Table;

/**
 * Things that are measured in the same way, one after the other, and compared.
 */
interface Plan {

	/** Where its figures go. */
	Table table();

	/** What is measured, by the names of the rows. */
	List<String> rows();

	/** Whether it can be measured on a JDK. */
	default boolean runsOn(Jdk jdk) {
		return true;
	}

	/**
	 * Measure.
	 * @param effort how much to do
	 * @throws Exception if something does not work
	 */
	List<Figure> run(Jdk jdk, Effort effort) throws Exception;

}
