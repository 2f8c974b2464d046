package dev.servicepool.internal;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import dev.servicepool.internal.util.Figures;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * Detects an outage: at least {@value #CALLS} calls ended within 10 seconds, none of them
 * succeeded, and no later call has succeeded. To keep successful calls fast, successes
 * are not reported individually; their total number is compared instead. Guarded by the
 * lock.
 */
final class OutageDetector<Q, R> implements MaintenanceTask {

	/** The minimum number of calls without a success in an outage. */
	static final int CALLS = 5;

	/** The maximum time between the first and the last of these calls. */
	static final long WINDOW = Duration.ofSeconds(10).toNanos();

	/** The minimum time between two events about outages. */
	static final long REPORT_INTERVAL = Duration.ofMinutes(1).toNanos();

	/** The interval at which an outage is checked for its end. */
	private static final long CHECK_INTERVAL = Duration.ofSeconds(1).toNanos();

	/** The time without calls after which an outage is forgotten. */
	private static final long FORGOTTEN_AFTER = Duration.ofMinutes(10).toNanos();

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	/** The total number of successes at the last call without a success. */
	private long successes;

	/** The number of calls since the last success. */
	private long calls;

	/** The times at which the last calls ended, each at its number modulo the length. */
	private final long[] endedAt = new long[CALLS];

	/** The time at which the first call since the last success ended. */
	private long firstAt;

	private String lastFailure = "";

	/** Whether there is an outage. */
	private boolean active;

	/** Whether an event about this outage was recorded. */
	private boolean reported;

	private boolean everReported;

	private long reportedAt;

	private long nextCheck;

	OutageDetector(MemberRegistry<Q, R> registry, EventRecorder<Q, R> recorder) {
		this.registry = registry;
		this.recorder = recorder;
	}

	/**
	 * Handle a call that ended without a success.
	 * @param failure the description of the failure
	 */
	void failed(String failure, long now) {
		endIfSucceeded(now);
		if (this.calls == 0) {
			this.firstAt = now;
		}
		int index = (int) (this.calls++ % CALLS);
		long oldest = this.endedAt[(index + 1) % CALLS];
		this.endedAt[index] = now;
		this.lastFailure = failure;
		if (!this.active && this.calls >= CALLS && now - oldest <= WINDOW) {
			this.active = true;
			this.nextCheck = now + CHECK_INTERVAL;
		}
		if (this.active && (!this.everReported || now - this.reportedAt >= REPORT_INTERVAL)) {
			this.reported = true;
			this.everReported = true;
			this.reportedAt = now;
			this.recorder.event(Type.OUTAGE, this.calls + " calls ended in the last " + Figures.of(duration(now))
					+ ", none of them succeeded; last failure: " + failure);
		}
	}

	/** Check whether the outage is over. */
	@Override
	public void run(long now) {
		if (this.active && now - this.nextCheck >= 0) {
			this.nextCheck = now + CHECK_INTERVAL;
			endIfSucceeded(now);
			if (now - this.endedAt[(int) ((this.calls + CALLS - 1) % CALLS)] >= FORGOTTEN_AFTER) {
				forget();
			}
		}
	}

	private void endIfSucceeded(long now) {
		long successes = this.registry.successes();
		// A call that is about to end without a success may be missing for a moment.
		if (successes <= this.successes) {
			return;
		}
		this.successes = successes;
		if (this.active && this.reported) {
			this.recorder.event(Type.RECOVERED, "a call succeeded after " + this.calls + " calls without a success in "
					+ Figures.of(duration(now)));
		}
		forget();
	}

	/** Forget the current outage, if any. */
	void reset() {
		this.successes = this.registry.successes();
		forget();
	}

	private void forget() {
		this.active = false;
		this.reported = false;
		this.calls = 0;
	}

	private Duration duration(long now) {
		return Duration.ofNanos(now - this.firstAt).truncatedTo(ChronoUnit.MILLIS);
	}

	PoolSnapshot.@Nullable Outage snapshot(long now) {
		return this.active ? new PoolSnapshot.Outage(duration(now), this.calls, this.lastFailure) : null;
	}

	@Override
	public long nanosToNextRun(long now) {
		return this.active ? Math.max(0, this.nextCheck - now) : Long.MAX_VALUE;
	}

}
