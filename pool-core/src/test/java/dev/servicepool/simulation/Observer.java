package dev.servicepool.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolListener;
import dev.servicepool.PoolSnapshot;

/**
 * The recorder of the figures of a simulation after its warm-up.
 */
final class Observer {

	private static final int SAMPLES = 200;

	/** Time without waiting callers after which the pool has recovered. */
	private static final double QUIET_SECONDS = 1;

	private final Scenario scenario;

	private final List<Outcome.Size> sizes = new ArrayList<>();

	private final List<Outcome.Point> points = new ArrayList<>();

	/** Wait times of the callers that waited, in seconds. */
	private final List<Double> waits = new ArrayList<>();

	private final double[] recoveries;

	/**
	 * Time at which the last caller that waited after each disturbance was served or
	 * rejected.
	 */
	private final double[] lastWaits;

	private long served;

	private long rejected;

	/** Total wait time of the rejected callers, in seconds. */
	private double rejectedWait;

	/** Number of callers that received a response within 1 s after their arrival. */
	private long withinOneSecond;

	private int resizes;

	private int replacements;

	private int services;

	/** Number of services integrated over time, up to {@link #sizeAt}. */
	private double serviceSeconds;

	private double sizeAt;

	Observer(Scenario scenario) {
		this.scenario = scenario;
		this.recoveries = new double[scenario.disturbances.length];
		this.lastWaits = scenario.disturbances.clone();
		Arrays.fill(this.recoveries, -1);
	}

	/** Return a listener that records every change of the size. */
	PoolListener sizes(DoubleSupplier clock) {
		return new PoolListener() {
			@Override
			public void onEvent(PoolEvent event) {
				if (event.reason() == Reason.MAX_REQUESTS || event.reason() == Reason.FAILED) {
					replaced(clock.getAsDouble());
				}
				if (event.type() == Type.CREATED || event.type() == Type.RETIRED || event.type() == Type.EVICTED) {
					resized(event.poolSize(), clock.getAsDouble());
				}
			}
		};
	}

	private void resized(int services, double now) {
		integrate(now);
		this.services = services;
		this.resizes += counts(now) ? 1 : 0;
		this.sizes.add(new Outcome.Size(now, services));
	}

	private void replaced(double now) {
		this.replacements += counts(now) ? 1 : 0;
	}

	private boolean counts(double seconds) {
		return seconds >= this.scenario.warmUp && seconds < this.scenario.seconds;
	}

	private void integrate(double now) {
		double from = Math.max(this.sizeAt, this.scenario.warmUp);
		this.serviceSeconds += Math.max(0, now - from) * this.services;
		this.sizeAt = now;
	}

	void served(double since, double now) {
		if (now > since) {
			waited(since, now);
		}
		if (counts(since)) {
			this.served++;
			if (now > since) {
				this.waits.add(now - since);
			}
		}
	}

	/** Record that a caller has received a response. */
	void responded(double since, double now) {
		this.withinOneSecond += (counts(now) && now - since <= 1) ? 1 : 0;
	}

	void rejected(double since, double now) {
		this.rejected += counts(since) ? 1 : 0;
		this.rejectedWait += counts(since) ? now - since : 0;
		waited(since, now);
	}

	/** Record a wait. A pool has recovered after a period without waiting callers. */
	private void waited(double since, double now) {
		for (int index = 0; index < this.lastWaits.length; index++) {
			double start = this.scenario.disturbances[index];
			if (since >= start && this.recoveries[index] < 0) {
				if (since > this.lastWaits[index] + QUIET_SECONDS) {
					this.recoveries[index] = this.lastWaits[index] - start;
				}
				else {
					this.lastWaits[index] = now;
				}
			}
		}
	}

	double sampleSeconds() {
		return (this.scenario.chartTo - this.scenario.chartFrom) / SAMPLES;
	}

	void sample(double now, int inFlight, PoolSnapshot snapshot) {
		this.points.add(new Outcome.Point(now, inFlight, snapshot.load().estimate(),
				snapshot.load().headroom().window().toNanos() / 1e9));
	}

	Outcome outcome() {
		integrate(this.scenario.seconds);
		double counted = this.scenario.seconds - this.scenario.warmUp;
		double[] sorted = this.waits.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		int resizes = this.resizes - 2 * this.replacements;
		return new Outcome(this.served, this.rejected, this.rejectedWait / Math.max(1, this.rejected),
				this.withinOneSecond / counted, sorted.length, this.serviceSeconds / counted, resizes,
				60 * resizes / counted, 60 * this.replacements / counted, quantile(sorted, 0.99),
				quantile(sorted, 0.999), recovery(), this.sizes, this.points);
	}

	/** Return the longest of all recovery times, in seconds. */
	private double recovery() {
		double longest = 0;
		for (int index = 0; index < this.recoveries.length; index++) {
			double recovery = this.recoveries[index];
			longest = Math.max(longest,
					(recovery >= 0) ? recovery : this.lastWaits[index] - this.scenario.disturbances[index]);
		}
		return longest;
	}

	private double quantile(double[] waits, double share) {
		long rank = (long) Math.ceil(share * this.served);
		int index = (int) (rank - 1 - (this.served - waits.length));
		return (index >= 0 && waits.length > 0) ? waits[index] : 0;
	}

}
