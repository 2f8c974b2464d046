package dev.servicepool.spring.http.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Runs actions if requests or responses do not end in time. Most of them end within
 * milliseconds. A timer for each of them would take more processor time than the rest of
 * the request does in the pool. Therefore, one task runs at the earliest time at which an
 * action may be due, and checks all of them.
 */
public final class RequestTimer {

	private static final Ticker ticker = Ticker.system();

	/** The minimum time between two checks. */
	private static final long INTERVAL = Duration.ofMillis(1).toNanos();

	/** Timer of attempts: of their deadlines, and of the second ones beside them. */
	public static final RequestTimer ATTEMPTS = new RequestTimer("pool-deadlines");

	/** Timer of responses that are being closed, which may have to wait for a network. */
	static final RequestTimer CLOSING = new RequestTimer("pool-closing");

	private final ScheduledThreadPoolExecutor executor;

	/**
	 * The actions and the times at which they are due. Changed by any thread; the thread
	 * that removes an action decides whether it was in time.
	 */
	private final Map<Runnable, Long> due = new ConcurrentHashMap<>();

	/**
	 * Whether a check is scheduled. Written under the monitor of this object, read by any
	 * thread. An action that is added during a check is seen by the check, or schedules
	 * the next one.
	 */
	private volatile boolean scheduled;

	/**
	 * The time of the next check. Written before {@link #scheduled}, which publishes it.
	 */
	private volatile long nextCheck;

	/** The task of the next check. Guarded by the monitor of this object. */
	private @Nullable Future<?> check;

	/** Create a timer whose thread ends when it has nothing to do. */
	private RequestTimer(String name) {
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		});
		this.executor.setKeepAliveTime(1, TimeUnit.SECONDS);
		this.executor.allowCoreThreadTimeOut(true);
		this.executor.setRemoveOnCancelPolicy(true);
	}

	/**
	 * Run an action after a time, unless {@link #stop} is called before.
	 * @param action the action, which must not wait for other actions
	 * @param nanos the time in nanoseconds
	 */
	public void start(Runnable action, long nanos) {
		startAt(action, ticker.nanos() + nanos);
	}

	/**
	 * Run an action when a time is reached, unless {@link #stop} is called before.
	 * @param action the action, which must not wait for other actions
	 * @param at the time, on the scale of {@link Ticker#system()}
	 */
	public void startAt(Runnable action, long at) {
		this.due.put(action, at);
		checkAt(at);
	}

	/**
	 * Do not run an action.
	 * @param action the action
	 * @return whether this call was in time
	 */
	public boolean stop(Runnable action) {
		return this.due.remove(action) != null;
	}

	private void checkAt(long at) {
		if (!isCheckedBy(at)) {
			schedule(at);
		}
	}

	private boolean isCheckedBy(long at) {
		return this.scheduled && this.nextCheck - at <= 0;
	}

	private synchronized void schedule(long at) {
		if (isCheckedBy(at)) {
			return;
		}
		if (this.check != null) {
			this.check.cancel(false);
		}
		long left = Math.max(INTERVAL, at - ticker.nanos());
		this.nextCheck = at;
		this.scheduled = true;
		this.check = this.executor.schedule(() -> check(at), left, TimeUnit.NANOSECONDS);
	}

	/**
	 * Begin a check.
	 * @return whether no earlier check was scheduled instead
	 */
	private synchronized boolean begin(long at) {
		boolean current = this.scheduled && this.nextCheck == at;
		this.scheduled &= !current;
		return current;
	}

	private void check(long at) {
		if (!begin(at)) {
			return;
		}
		long now = ticker.nanos();
		long[] earliest = { Long.MAX_VALUE };
		this.due.forEach((action, time) -> {
			long left = time - now;
			if (left > 0) {
				earliest[0] = Math.min(earliest[0], left);
			}
			else if (stop(action)) {
				action.run();
			}
		});
		if (earliest[0] != Long.MAX_VALUE) {
			checkAt(now + earliest[0]);
		}
	}

}
