package dev.servicepool.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

import dev.servicepool.internal.util.PoolLogger;
import dev.servicepool.Service;
import dev.servicepool.load.LoadTracker;
import dev.servicepool.load.LoadTracker.Outcome;

/**
 * Load score of one service, as reported by the service or measured by the load metric.
 * Failures of either never fail a request. Any thread; never under the lock.
 */
final class ServiceLoadTracker {

	private static final Logger logger = PoolLogger.get();

	private final String pool;

	private final String name;

	private final Service<?, ?> service;

	private final LoadTracker loadTracker;

	/** Whether a failure was logged. Any thread; only limits logging. */
	private volatile boolean failed;

	ServiceLoadTracker(String pool, String name, Service<?, ?> service, LoadTracker loadTracker) {
		this.pool = pool;
		this.name = name;
		this.service = service;
		this.loadTracker = loadTracker;
	}

	/** Return the load tracker of the load metric. */
	LoadTracker loadTracker() {
		return this.loadTracker;
	}

	/** Record the start of a request. */
	void started(long now) {
		try {
			this.loadTracker.started(now);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/** Record the start of a response, or the end of a request without one. */
	void completed(long startedAt, long now, Outcome outcome) {
		try {
			this.loadTracker.completed(startedAt, now, outcome);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/** Record the failure of a request whose response had begun. */
	void failedAfterResponse(long now) {
		try {
			this.loadTracker.failedAfterResponse(now);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/** Record that the service was readmitted. */
	void readmitted(long now) {
		try {
			this.loadTracker.readmitted(now);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/** Return the load score for a comparison of two services. */
	double compare(long now, int pending) {
		try {
			double own = this.service.load();
			return Double.isNaN(own) ? this.loadTracker.compare(now, pending) : own;
		}
		catch (Throwable ex) {
			failed(ex);
			return pending;
		}
	}

	/** Return the load score, and change nothing. */
	double load(long now, int pending) {
		try {
			double own = this.service.load();
			return Double.isNaN(own) ? this.loadTracker.load(now, pending) : own;
		}
		catch (Throwable ex) {
			failed(ex);
			return pending;
		}
	}

	/** Log a failure of user code, once. */
	void failed(Throwable ex) {
		if (!this.failed) {
			this.failed = true;
			logger.log(Level.WARNING, "Pool '" + this.pool + "': load score of " + this.name
					+ " could not be measured. Further exceptions are not logged.", ex);
		}
	}

}
