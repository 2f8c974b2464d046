package dev.servicepool.internal.util;

import java.lang.System.Logger;

/**
 * The logger that all classes of the engine share, so that users configure one name.
 */
public final class PoolLogger {

	private static final Logger logger = System.getLogger("dev.servicepool.Pool");

	private PoolLogger() {
	}

	/** Return the logger, whose name is that of the pool's interface. */
	public static Logger get() {
		return logger;
	}

}
