package dev.servicepool.load;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Load tracker for the latency of one service. It consists of a decaying peak, the mean
 * age of the requests whose response has not begun, and a penalty for failures.
 * <p>
 * Each part is one {@code long}, so that every update is atomic and allocates nothing.
 * The unit of time is a tick of 2<sup>16</sup> ns (66 us), counted from the creation of
 * the load tracker.
 */
final class PeakEwmaTracker implements LoadTracker {

	private static final double NANOS_TO_MILLIS = 1e-6;

	/** Number of bits by which nanoseconds are shifted to obtain ticks. */
	private static final int TICK_SHIFT = 16;

	/**
	 * Number of low bits of {@link #AWAITING} for the count: up to a million requests.
	 */
	private static final int COUNT_BITS = 20;

	private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

	/** The minimum penalty for a failure, in nanoseconds. */
	private static final double MIN_PENALTY = 5e9;

	/** The minimum penalty for a failure, as a multiple of the latency. */
	private static final double PENALTY_FACTOR = 10;

	/**
	 * The factor by which a penalty decays faster than a latency. A service that failed
	 * once therefore receives a request again within seconds.
	 */
	private static final double PENALTY_DECAY_FACTOR = 10;

	/**
	 * Index of the latency. The high half is the latency in nanoseconds as a
	 * {@code float}, and the low half is the tick of its last update. Ticks wrap after 78
	 * hours, so that an estimate of this age counts as fresh for a moment. This is
	 * harmless because such a service has had no traffic.
	 */
	private static final int PEAK = 16;

	/**
	 * Index of the requests without a response. The low bits are their number, and the
	 * high bits are the sum of their start ticks, so that one addition changes both. The
	 * sum may wrap. The sum of their ages is still correct, because it is a small
	 * difference.
	 */
	private static final int AWAITING = PEAK + 1;

	/**
	 * Index of the penalty for the last failure, in the format of {@link #PEAK}; 0 if the
	 * service has responded since.
	 */
	private static final int PENALTY = PEAK + 2;

	private final double decayNanos;

	private final long origin;

	/**
	 * The three parts. Their distance from both ends of the array ensures that they share
	 * no cache line with other objects. Written and read by any thread.
	 */
	private final AtomicLongArray state = new AtomicLongArray(2 * PEAK);

	PeakEwmaTracker(double decayNanos, double latency, long now) {
		this.decayNanos = decayNanos;
		this.origin = now;
		this.state.set(PEAK, peak(latency, 0));
	}

	@Override
	public void started(long now) {
		this.state.getAndAdd(AWAITING, entry(now));
	}

	@Override
	public void completed(long startedAt, long now, Outcome outcome) {
		this.state.getAndAdd(AWAITING, -entry(startedAt));
		double elapsed = Math.max(0, now - startedAt);
		if (outcome == Outcome.RESPONDED) {
			clearPenalty(startedAt);
			responded(elapsed, tick(now));
		}
		else if (outcome == Outcome.FAILED) {
			penalize(elapsed, now);
		}
	}

	private void responded(double elapsed, long tick) {
		long before;
		long after;
		do {
			before = this.state.get(PEAK);
			double estimate = value(before);
			double weight = weight(before, tick);
			if (elapsed >= estimate) {
				after = peak(elapsed, tick);
			}
			else if (weight == 1) {
				return;
			}
			else {
				after = peak(estimate * weight + elapsed * (1 - weight), tick);
			}
		}
		while (!this.state.compareAndSet(PEAK, before, after));
	}

	/**
	 * Raise the penalty above the latency of a slow response, because a service that
	 * fails fast must not attract requests.
	 */
	private void penalize(double elapsed, long now) {
		double cost = Math.max(MIN_PENALTY, PENALTY_FACTOR * Math.max(elapsed, latency(now)));
		long before;
		do {
			before = this.state.get(PENALTY);
		}
		while (!this.state.compareAndSet(PENALTY, before,
				peak(Math.max(cost, decayedPenalty(before, now)), tick(now))));
	}

	/** Clear the penalty if the request was sent after the last failure. */
	private void clearPenalty(long startedAt) {
		long penalty = this.state.get(PENALTY);
		if (penalty != 0 && (int) tick(startedAt) - (int) penalty >= 0) {
			this.state.compareAndSet(PENALTY, penalty, 0);
		}
	}

	@Override
	public void failedAfterResponse(long now) {
		penalize(0, now);
	}

	@Override
	public void readmitted(long now) {
		this.state.set(PENALTY, 0);
	}

	@Override
	public double load(long now, int pending) {
		long penalty = this.state.get(PENALTY);
		double latency = latency(now);
		return ((penalty == 0) ? latency : Math.max(latency, decayedPenalty(penalty, now))) * (pending + 1.0)
				* NANOS_TO_MILLIS;
	}

	/**
	 * Return the expected latency of a request that is sent now.
	 * @param now the time in nanoseconds
	 * @return the latency in nanoseconds
	 */
	double latency(long now) {
		double decayed = decayed(this.state.get(PEAK), now);
		double age = meanAge(now);
		// Equivalent to Math.max because neither value is NaN, but faster.
		return (age > decayed) ? age : decayed;
	}

	private double decayedPenalty(long penalty, long now) {
		return value(penalty) * Math.pow(weight(penalty, tick(now)), PENALTY_DECAY_FACTOR);
	}

	/** Return the latency after its decay until now. */
	private double decayed(long peak, long now) {
		return value(peak) * weight(peak, tick(now));
	}

	private static double value(long peak) {
		return Float.intBitsToFloat((int) (peak >>> 32));
	}

	private double meanAge(long now) {
		long awaiting = this.state.get(AWAITING);
		long count = awaiting & COUNT_MASK;
		if (count == 0) {
			return 0;
		}
		long ages = ((count * tick(now) << COUNT_BITS) - (awaiting & ~COUNT_MASK)) >> COUNT_BITS;
		return Math.max(0, (double) ages / count) * (1 << TICK_SHIFT);
	}

	private double weight(long peak, long tick) {
		// Another thread may have updated the value with a later time.
		int elapsed = Math.max(0, (int) tick - (int) peak);
		return (elapsed == 0) ? 1 : Math.exp(-((double) elapsed * (1 << TICK_SHIFT)) / this.decayNanos);
	}

	private long entry(long startedAt) {
		return (tick(startedAt) << COUNT_BITS) + 1;
	}

	private long tick(long now) {
		return (now - this.origin) >> TICK_SHIFT;
	}

	private static long peak(double latency, long tick) {
		return ((long) Float.floatToIntBits((float) latency) << 32) | (tick & 0xFFFF_FFFFL);
	}

}
