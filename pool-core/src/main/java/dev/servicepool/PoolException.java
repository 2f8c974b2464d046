package dev.servicepool;

import org.jspecify.annotations.Nullable;

/**
 * A pool could not give out a service. The subclasses tell the reasons apart.
 */
public abstract class PoolException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String pool;

	PoolException(String pool, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.pool = pool;
	}

	PoolException(String pool, String message, boolean writableStackTrace) {
		super(message, null, false, writableStackTrace);
		this.pool = pool;
	}

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	public final String pool() {
		return this.pool;
	}

}
