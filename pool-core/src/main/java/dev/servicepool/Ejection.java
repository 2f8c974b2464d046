package dev.servicepool;

import java.time.Duration;

/**
 * The ejections of one service: how long the present one lasts, and when the service is
 * tried. Guarded by the pool's lock.
 */
final class Ejection {

	private static final long FIRST_PROBE = Duration.ofSeconds(2).toNanos();

	private static final long LONGEST_BETWEEN_PROBES = Duration.ofSeconds(10).toNanos();

	private final long base;

	private final long longest;

	private final long interval;

	/** How often the service was ejected so far. */
	private long times;

	/** How many ejections are not forgotten. */
	private long remembered;

	/** Since when the service has neither failed badly nor been ejected. */
	private long healthySince;

	private long until;

	/** Why the service was ejected last. */
	private String reason = "";

	/** Whether a request is on its way that tries the service. */
	private boolean probing;

	/** When the next one may be sent. */
	private long probeAt;

	/** How long after a probe the next one may be sent. */
	private long probeInterval = FIRST_PROBE;

	/** Whether the service was readmitted without proof that it answers. */
	private boolean onProbation;

	Ejection(OutlierDetection detection, long now) {
		this.base = Nanos.of(detection.baseEjectionTime());
		this.longest = Nanos.of(detection.maxEjectionTime());
		this.interval = Nanos.of(detection.interval());
		this.healthySince = now;
	}

	/**
	 * The service has failed after a time in which it answered: so many whole intervals,
	 * so many ejections are forgotten.
	 */
	void healthyUntil(long now) {
		this.remembered = Math.max(0, this.remembered - (now - this.healthySince) / this.interval);
		this.healthySince = now;
		this.onProbation = false;
	}

	/** The service is ejected. */
	void begin(String reason, long now) {
		this.times++;
		this.remembered++;
		long times = Math.min(this.remembered, this.longest / this.base + 1);
		this.until = now + Math.min(this.base * times, this.longest);
		this.reason = reason;
		this.probing = false;
		this.probeInterval = this.onProbation ? longer() : FIRST_PROBE;
		this.probeAt = now + this.probeInterval;
	}

	private long longer() {
		return Math.min(2 * this.probeInterval, LONGEST_BETWEEN_PROBES);
	}

	/**
	 * The service is readmitted.
	 * @param responded whether it has answered a request
	 */
	void end(boolean responded, long now) {
		this.onProbation = !responded;
		this.healthySince = now;
	}

	void probeBegins() {
		this.probing = true;
	}

	/** The request that tried the service says nothing of it: another one is needed. */
	void probeUndecided(long now) {
		this.probing = false;
		this.probeAt = now + this.probeInterval;
	}

	void probeFailed(long now) {
		this.probeInterval = longer();
		probeUndecided(now);
	}

	long times() {
		return this.times;
	}

	String reason() {
		return this.reason;
	}

	/** The service has answered on trial. */
	void probationEnds() {
		this.onProbation = false;
	}

	boolean onProbation() {
		return this.onProbation;
	}

	/** Return how long it lasts yet, in nanoseconds. */
	long remaining(long now) {
		return this.until - now;
	}

	/** Return how long until the service may be tried; never while it is being tried. */
	long nanosToProbe(long now) {
		return this.probing ? Long.MAX_VALUE : this.probeAt - now;
	}

}
