package dev.servicepool.benchmarks.run;

import java.util.List;

import dev.servicepool.benchmarks.report.Figure;
import dev.servicepool.benchmarks.report.Table;

/**
 * Measurement of several rows that are compared in one table.
 */
interface Plan {

	/** Return the table that shows the figures. */
	Table table();

	/** Return the names of the rows. */
	List<String> rows();

	/** Return whether a JDK can run this plan. */
	default boolean runsOn(Jdk jdk) {
		return true;
	}

	/**
	 * Measure all rows.
	 * @param jdk the JDK to measure on
	 * @param effort the scope of the run
	 * @return the figures
	 * @throws Exception if a measurement fails
	 */
	List<Figure> run(Jdk jdk, Effort effort) throws Exception;

}
