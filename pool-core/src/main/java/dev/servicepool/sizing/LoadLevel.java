package dev.servicepool.sizing;

/**
 * What the load estimate says about the size of a pool.
 */
public enum LoadLevel {

	/** The estimate is below {@code underutilizedBelow}: one service less would do. */
	LOW,

	/** The size fits the load. */
	NORMAL,

	/** The estimate is above {@code loadedAbove}: one service more is needed. */
	HIGH

}
