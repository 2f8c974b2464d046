package dev.servicepool;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

import dev.servicepool.load.LoadTracker;
import dev.servicepool.load.LoadTracker.Outcome;

/**
 * The load of one service, by itself or by the pool's metric. Whatever those do, no
 * request fails. Any thread; never under the lock.
 */
final class ServiceLoadTracker {

	private static final Logger logger = System.getLogger(Member.class.getName());

	private final String name;

	private final Service<?, ?> service;

	private final LoadTracker loadTracker;

	/** Whether the load could not be measured before. Any thread; only saves logging. */
	private volatile boolean failed;

	ServiceLoadTracker(String name, Service<?, ?> service, LoadTracker loadTracker) {
		this.name = name;
		this.service = service;
		this.loadTracker = loadTracker;
	}

	/** Return the gauge that the metric has made. */
	LoadTracker loadTracker() {
		return this.loadTracker;
	}

	/** A request starts. */
	void started(long now) {
		try {
			this.loadTracker.started(now);
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
		}
	}

	/** The response to a request has begun, or the request has ended without one. */
	void completed(long startedAt, long now, Outcome outcome) {
		try {
			this.loadTracker.completed(startedAt, now, outcome);
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
		}
	}

	/** A request has failed whose response had begun. */
	void failedAfterResponse(long now) {
		try {
			this.loadTracker.failedAfterResponse(now);
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
		}
	}

	/** The service takes requests again. */
	void readmitted(long now) {
		try {
			this.loadTracker.readmitted(now);
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
		}
	}

	double load(long now, int pending) {
		try {
			double own = this.service.load();
			return Double.isNaN(own) ? this.loadTracker.load(now, pending) : own;
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
			return pending;
		}
	}

	private void failed(Throwable ex) {
		if (!this.failed) {
			this.failed = true;
			logger.log(Level.WARNING, "The load of " + this.name + " could not be measured; this is logged once", ex);
		}
	}

}
