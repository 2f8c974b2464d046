package dev.servicepool.spring.http.client;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

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

	/** The number of slots, a power of two. */
	private static final int SLOTS = 256;

	private final ScheduledThreadPoolExecutor executor;

	/**
	 * Started actions, each in a slot of the thread that started it. Changed by any
	 * thread; the thread that removes an action decides whether it was in time.
	 */
	private final AtomicReferenceArray<@Nullable Action> slots = new AtomicReferenceArray<>(SLOTS);

	/** Started actions whose slot was occupied. Changed like {@link #slots}. */
	private final Set<Action> others = ConcurrentHashMap.newKeySet();

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
	 * @param nanos the time in nanoseconds
	 */
	public void start(Action action, long nanos) {
		startAt(action, ticker.nanos() + nanos);
	}

	/**
	 * Run an action when a time is reached, unless {@link #stop} is called before.
	 * @param at the time, on the scale of {@link Ticker#system()}
	 */
	public void startAt(Action action, long at) {
		action.at = at;
		action.slot = (int) Thread.currentThread().getId() & (SLOTS - 1);
		if (!this.slots.compareAndSet(action.slot, null, action)) {
			this.others.add(action);
		}
		checkAt(at);
	}

	/**
	 * Do not run an action.
	 * @return whether this call was in time
	 */
	public boolean stop(Action action) {
		return this.slots.compareAndSet(action.slot, action, null) || this.others.remove(action);
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
		long earliest = Long.MAX_VALUE;
		for (int slot = 0; slot < SLOTS; slot++) {
			Action action = this.slots.get(slot);
			earliest = (action != null) ? Math.min(earliest, runIfDue(action, now)) : earliest;
		}
		for (Action action : this.others) {
			earliest = Math.min(earliest, runIfDue(action, now));
		}
		if (earliest != Long.MAX_VALUE) {
			checkAt(now + earliest);
		}
	}

	/**
	 * Run an action if it is due.
	 * @return the time until it is due, in nanoseconds
	 */
	private long runIfDue(Action action, long now) {
		long left = action.at - now;
		if (left > 0) {
			return left;
		}
		if (stop(action)) {
			action.run();
		}
		return Long.MAX_VALUE;
	}

	/**
	 * Action of one request or response. It must not wait for other actions, and only
	 * {@link #run()} may start it again.
	 */
	public abstract static class Action {

		/** When the action is due. Written before the action is added to the timer. */
		private long at;

		/** The slot of the thread. Written before the action is added to the timer. */
		private int slot;

		/** Run the action, on the thread of the timer. */
		protected abstract void run();

	}

}
