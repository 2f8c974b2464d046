package dev.servicepool.internal.outlier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.internal.util.Fields;

/**
 * When a service last responded, and when it last lost a connection. A service that has
 * not responded since a loss may have lost more than one connection.
 */
public final class Responsiveness {

	private static final VarHandle RESPONDED_AT = Fields.handle(MethodHandles.lookup(), "respondedAt", long.class);

	private static final VarHandle SUCCEEDED_AT = Fields.handle(MethodHandles.lookup(), "succeededAt", long.class);

	private static final VarHandle SUCCESS_LATENCY = Fields.handle(MethodHandles.lookup(), "successLatency",
			long.class);

	/** The weight of the last latency is one by this number. */
	private static final int SMOOTHING = 16;

	private static final long MIN_OVERDUE = Duration.ofSeconds(10).toNanos();

	private static final long OVERDUE_FACTOR = 10;

	/**
	 * The number of refused requests, each without others in flight, after which the
	 * service is broken. A client may count a request for a moment after its end, so that
	 * a single refused request shows nothing.
	 */
	private static final int MAX_REFUSED_ALONE = 10;

	/**
	 * The time of the last response. Written by any thread. A later write may be
	 * overwritten by an earlier one, which differs by the duration of a method call.
	 */
	private long respondedAt;

	/**
	 * The time that responses take: the slowest of the last responses. Written by any
	 * thread; concurrent responses may be overlooked.
	 */
	private volatile long latency;

	/** The time of the last successful response. Written like {@link #respondedAt}. */
	private long succeededAt;

	/**
	 * The latency of the last successful response, 0 before the first one. Written by any
	 * thread.
	 */
	private long successLatency;

	/** Whether the first response on a new connection is awaited. Any thread. */
	private volatile boolean connecting;

	/** The time of the first response on the current connection. Any thread. */
	private volatile long connectedAt;

	/**
	 * The time from a request to the first response on the current connection, 0 if
	 * unknown. Any thread.
	 */
	private volatile long firstLatency;

	/** The responses that have begun and not ended. Any thread. */
	private final AtomicInteger open = new AtomicInteger();

	/**
	 * The refused requests without others in flight since the last response. Guarded by
	 * the lock.
	 */
	private int refusedAlone;

	/** The time of the last of them. Guarded by the lock. */
	private long refusedAt;

	/** The time since which requests wait for a response. Guarded by the lock. */
	private long waitingSince;

	/** Whether requests wait for a response. Guarded by the lock. */
	private boolean waiting;

	/**
	 * The time of the last failure that shows that the only connection has ended, or the
	 * time of the creation. Written under the lock, read by any thread.
	 */
	private volatile long connectionEndedAt;

	/**
	 * The time of the last lost connection. If each request has its own connection, those
	 * in flight may lose their responses one after the other, so that the time remains
	 * the one of the first loss without a response since. Guarded by the lock.
	 */
	private long lostAt;

	/**
	 * The number of requests that had succeeded at the last lost connection. Guarded by
	 * the lock.
	 */
	private long successesAtLoss;

	/** Whether a connection was lost. Guarded by the lock. */
	private boolean lost;

	public Responsiveness(long now) {
		this.respondedAt = now;
		this.connectedAt = now;
		this.connectionEndedAt = now;
	}

	/**
	 * Record a failure that shows that the only connection has ended: a request lost it,
	 * or could not be sent over another one. Under the lock.
	 */
	public void connectionEnded(long now) {
		this.connectionEndedAt = now;
	}

	/**
	 * Return whether the only connection has ended after a request started. Any thread.
	 * @param startedAt the time at which the request started, 0 if unknown
	 */
	public boolean hasConnectionEndedAfter(long startedAt) {
		return startedAt != 0 && this.connectionEndedAt - startedAt > 0;
	}

	/**
	 * Record that the next response is the first one on a new connection. Under the lock.
	 */
	public void connects() {
		this.connecting = true;
	}

	/**
	 * Return whether the next response is the first one on a new connection. Any thread.
	 */
	public boolean isConnecting() {
		return this.connecting;
	}

	/**
	 * Return the time that the last connection took, in nanoseconds: the time to its
	 * first response without the latency of the last response. Any thread.
	 * @return the time, at least 1; 0 if it is unknown
	 */
	public long connectTime() {
		long first = this.firstLatency;
		long latency = successLatency();
		return (first == 0 || latency == 0) ? 0 : Math.max(1, first - latency);
	}

	/**
	 * Record that a successful response has begun. Any thread.
	 * @return whether its latency shows how fast the service is; {@code false} if the
	 * request waited until a connection was established
	 */
	public boolean responded(long startedAt, long now) {
		if (!connected(startedAt, now)) {
			return false;
		}
		SUCCEEDED_AT.setOpaque(this, now);
		long before = this.latency;
		long elapsed = now - startedAt;
		SUCCESS_LATENCY.setOpaque(this, elapsed);
		if (elapsed > before || before - elapsed >= SMOOTHING) {
			this.latency = Math.max(elapsed, before - (before - elapsed) / SMOOTHING);
		}
		return true;
	}

	/**
	 * Record that an error response has begun. Any thread.
	 * @return whether its latency shows how fast the service is, see {@link #responded}
	 */
	public boolean respondedWithError(long startedAt, long now) {
		return connected(startedAt, now);
	}

	private boolean connected(long startedAt, long now) {
		RESPONDED_AT.setOpaque(this, now);
		if (this.connecting) {
			this.connecting = false;
			this.connectedAt = now;
			this.firstLatency = (startedAt != 0) ? now - startedAt : 0;
			return false;
		}
		return startedAt - this.connectedAt >= 0 || startedAt == 0;
	}

	/**
	 * Return whether the last successful response is at most as old as a period. Any
	 * thread.
	 */
	public boolean hasSucceededWithin(long nanos, long now) {
		return successLatency() > 0 && now - (long) SUCCEEDED_AT.getOpaque(this) <= nanos;
	}

	/**
	 * Return the latency of the last successful response in nanoseconds, 0 before the
	 * first one. Any thread.
	 */
	public long successLatency() {
		return (long) SUCCESS_LATENCY.getOpaque(this);
	}

	/** Record that a response continues after its begin. Any thread. */
	public void opened() {
		this.open.getAndIncrement();
	}

	/** Record that such a response has ended. Any thread. */
	public void closed() {
		this.open.getAndDecrement();
	}

	/** Return whether the service has responded after a time. Any thread. */
	public boolean respondedAfter(long time) {
		return respondedAt() - time > 0;
	}

	/**
	 * Return how long requests have waited without any response of the service, judged by
	 * the calls of this method. Under the lock.
	 * @param inFlight the number of requests in flight
	 * @return the time in nanoseconds, 0 if no request waits
	 */
	public long waitedFor(int inFlight, long now) {
		if (inFlight - this.open.get() <= 0) {
			this.waiting = false;
			return 0;
		}
		if (!this.waiting || respondedAfter(this.waitingSince)) {
			this.waiting = true;
			this.waitingSince = now;
		}
		return now - this.waitingSince;
	}

	/** Return the time that responses take, in nanoseconds. Any thread. */
	public long latency() {
		return this.latency;
	}

	/**
	 * Return the time after which a request without a response is overdue, in
	 * nanoseconds.
	 */
	public long overdueAfter() {
		return Math.max(MIN_OVERDUE, OVERDUE_FACTOR * this.latency);
	}

	/**
	 * Record a refused request while no other request was in flight. Under the lock.
	 * @return whether the service refuses each request
	 */
	public boolean refusedAlone(long now) {
		this.refusedAlone = respondedAfter(this.refusedAt) ? 1 : this.refusedAlone + 1;
		this.refusedAt = now;
		return this.refusedAlone >= MAX_REFUSED_ALONE;
	}

	/** Return the time of the last response, or of the creation. Any thread. */
	public long respondedAt() {
		return (long) RESPONDED_AT.getOpaque(this);
	}

	/**
	 * Return whether a request started after the last lost connection, so that it used
	 * another one. Under the lock.
	 */
	public boolean isAfterLoss(long startedAt) {
		return !this.lost || startedAt - this.lostAt >= 0;
	}

	/** Return whether a connection was lost after a time. Under the lock. */
	public boolean hasLostConnectionAfter(long time) {
		return this.lost && this.lostAt - time > 0;
	}

	/**
	 * Request that lost its connection.
	 *
	 * @param startedAt the time at which the request started
	 * @param responded whether its response had begun
	 * @param connectionShared whether its service has only one connection
	 */
	public record LostRequest(long startedAt, boolean responded, boolean connectionShared) {
	}

	/**
	 * Record a lost connection. The service has not responded since an earlier loss if no
	 * response has begun or, for a request that lost its own response, if none was
	 * complete.
	 * @param successes the number of requests that succeeded so far
	 * @return whether the service has lost a connection before this request started, and
	 * has not responded since; the requests that were in flight then do not count
	 */
	public boolean lostAgain(LostRequest request, long successes, long now) {
		boolean again = this.lost
				&& (request.responded() ? successes == this.successesAtLoss : respondedAt() - this.lostAt < 0);
		boolean counts = again && isAfterLoss(request.startedAt());
		if (!again || !request.responded() || request.connectionShared()) {
			this.lostAt = now;
		}
		this.lost = true;
		this.successesAtLoss = successes;
		return counts;
	}

}
