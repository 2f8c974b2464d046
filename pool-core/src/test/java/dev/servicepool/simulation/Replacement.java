package dev.servicepool.simulation;

/**
 * The way in which one service per second is replaced.
 */
enum Replacement {

	/** No service is replaced. */
	NONE("none"),

	/** A service reaches its number of requests, and its successor joins before. */
	PLANNED("planned"),

	/** A service is broken, and its successor is created afterwards. */
	BROKEN("broken");

	/** Name in the report. */
	final String label;

	Replacement(String label) {
		this.label = label;
	}

}
