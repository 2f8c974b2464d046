package dev.servicepool.internal.outlier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import dev.servicepool.internal.util.Fields;

/**
 * When a service last responded, and when it last lost a connection. A service that has
 * not responded since a loss may have lost more than one connection.
 */
public final class Responsiveness {

	private static final VarHandle RESPONDED_AT = Fields.handle(MethodHandles.lookup(), "respondedAt", long.class);

	/**
	 * The time of the last response. Written by any thread. A later write may be
	 * overwritten by an earlier one, which differs by the duration of a method call.
	 */
	private long respondedAt;

	/** The time of the last lost connection. Guarded by the lock. */
	private long lostAt;

	/** Whether a connection was lost. Guarded by the lock. */
	private boolean lost;

	public Responsiveness(long now) {
		this.respondedAt = now;
	}

	/** Record that a response has begun. Any thread. */
	public void responded(long now) {
		RESPONDED_AT.setOpaque(this, now);
	}

	/** Return the time of the last response, or of the creation. Any thread. */
	public long respondedAt() {
		return (long) RESPONDED_AT.getOpaque(this);
	}

	/**
	 * Record a lost connection.
	 * @param startedAt the time at which the request started
	 * @return whether the service has lost a connection before this request started, and
	 * has not responded since; several requests on one connection count only once
	 */
	public boolean lostAgain(long startedAt, long now) {
		boolean again = this.lost && startedAt - this.lostAt > 0 && respondedAt() - this.lostAt < 0;
		this.lost = true;
		this.lostAt = now;
		return again;
	}

}
