package dev.servicepool;

/**
 * Level of the load estimate.
 */
public enum LoadLevel {

	/**
	 * The estimate is below {@code underutilizedBelow}: the pool has a surplus service.
	 */
	LOW,

	/** The size of the pool matches the load. */
	NORMAL,

	/** The estimate is above {@code loadedAbove}: the pool needs another service. */
	HIGH

}
