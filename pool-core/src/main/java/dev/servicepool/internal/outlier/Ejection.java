package dev.servicepool.internal.outlier;

import java.time.Duration;

import dev.servicepool.internal.util.Nanos;
import dev.servicepool.OutlierDetection;

/**
 * Ejections of one service: their duration and the times of probes. Guarded by the lock.
 */
public final class Ejection {

	private static final long FIRST_PROBE = Duration.ofSeconds(2).toNanos();

	private static final long LONGEST_BETWEEN_PROBES = Duration.ofSeconds(10).toNanos();

	private final long base;

	private final long longest;

	private final long interval;

	/** The number of ejections so far. */
	private long times;

	/** The number of ejections that lengthen the next one. */
	private long remembered;

	/**
	 * The time of the last failure that followed a success, or of the last readmission.
	 */
	private long healthySince;

	private long until;

	/** The reason for the last ejection. */
	private String reason = "";

	/** The time at which the last ejection ended, or of the creation. */
	private long endedAt;

	/** Whether a probe is in flight. */
	private boolean probing;

	/** The earliest time of the next probe. */
	private long probeAt;

	/** The minimum time between two probes. */
	private long probeInterval = FIRST_PROBE;

	/** Whether the service was readmitted without a response to a probe. */
	private boolean onProbation;

	public Ejection(OutlierDetection detection, long now) {
		this.base = Nanos.of(detection.baseEjectionTime());
		this.longest = Nanos.of(detection.maxEjectionTime());
		this.interval = Nanos.of(detection.interval());
		this.healthySince = now;
		this.endedAt = now;
	}

	/**
	 * Record a failure after successes, which ends the probation. For each full interval
	 * without failures, one earlier ejection no longer counts.
	 */
	public void healthyUntil(long now) {
		this.remembered = Math.max(0, this.remembered - (now - this.healthySince) / this.interval);
		this.healthySince = now;
		this.onProbation = false;
	}

	/** Start an ejection. */
	public void begin(String reason, long now) {
		this.times++;
		this.remembered++;
		long times = Math.min(this.remembered, this.longest / this.base + 1);
		this.until = now + Math.min(this.base * times, this.longest);
		this.reason = reason;
		this.probing = false;
		this.probeInterval = this.onProbation ? nextProbeInterval() : FIRST_PROBE;
		this.probeAt = now + this.probeInterval;
	}

	private long nextProbeInterval() {
		return Math.min(2 * this.probeInterval, LONGEST_BETWEEN_PROBES);
	}

	/**
	 * End the ejection.
	 * @param responded whether the service responded to a probe
	 */
	public void end(boolean responded, long now) {
		this.onProbation = !responded;
		this.healthySince = now;
		this.endedAt = now;
	}

	/** Return the time of the end of the last ejection, or of the creation. */
	public long endedAt() {
		return this.endedAt;
	}

	public void probeBegins() {
		this.probing = true;
	}

	/** Record that a probe ended without an outcome, so that another one is needed. */
	public void probeUndecided(long now) {
		this.probing = false;
		this.probeAt = now + this.probeInterval;
	}

	public void probeFailed(long now) {
		this.probeInterval = nextProbeInterval();
		probeUndecided(now);
	}

	/** Forget the earlier ejections and failures. */
	public void forget(long now) {
		this.remembered = 0;
		this.healthySince = now;
		this.onProbation = false;
		this.probeInterval = FIRST_PROBE;
	}

	public long times() {
		return this.times;
	}

	public String reason() {
		return this.reason;
	}

	/** End the probation because the service responded. */
	public void probationEnds() {
		this.onProbation = false;
	}

	public boolean onProbation() {
		return this.onProbation;
	}

	/** Return the remaining time of the ejection in nanoseconds. */
	public long remaining(long now) {
		return this.until - now;
	}

	/**
	 * Return the time until the next probe in nanoseconds, {@link Long#MAX_VALUE} while a
	 * probe is in flight.
	 */
	public long nanosToProbe(long now) {
		return this.probing ? Long.MAX_VALUE : this.probeAt - now;
	}

}
