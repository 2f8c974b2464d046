package dev.servicepool.load;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The latency of one service: a decaying peak, the mean age of the requests whose
 * response has not begun, and what failures cost.
 * <p>
 * Each part is one {@code long}, so that every update is one atomic step, nobody ever
 * sees half of one, and nothing is allocated. Times are counted in ticks of
 * 2<sup>16</sup> ns (66 us) since the gauge was made.
 */
final class PeakEwmaTracker implements LoadTracker {

	private static final double NANOS_TO_MILLIS = 1e-6;

	/** Nanoseconds to ticks. */
	private static final int TICK_SHIFT = 16;

	/** Low bits of {@link #UNANSWERED} that hold the count: up to a million requests. */
	private static final int COUNT_BITS = 20;

	private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

	/** What a failure costs at least, in nanoseconds. */
	private static final double LEAST_PENALTY = 5e9;

	/** What a failure costs at least, in latencies. */
	private static final double PENALTY_LATENCIES = 10;

	/**
	 * How much faster than a latency a penalty decays: a service that has failed once is
	 * to be tried again within seconds.
	 */
	private static final double PENALTY_HASTE = 10;

	/**
	 * Index of the latency in nanoseconds as a {@code float} in the high half, and the
	 * tick at which it was right in the low half. Ticks wrap after 78 hours: an estimate
	 * that was not updated for so long counts as fresh for a moment, which is harmless,
	 * since such a service has had no traffic to balance.
	 */
	private static final int PEAK = 16;

	/**
	 * Index of the requests without a response: their number in the low bits, the sum of
	 * their start ticks above, both changed by one addition. The sum wraps, and so does
	 * the difference that yields the sum of their ages, which is small.
	 */
	private static final int UNANSWERED = PEAK + 1;

	/**
	 * Index of what the last failure costs, in the form of {@link #PEAK}; 0 if the
	 * service has answered since.
	 */
	private static final int PENALTY = PEAK + 2;

	private final double decayNanos;

	private final long origin;

	/**
	 * What is known of the service, side by side, and so far from both ends that no other
	 * object that is written often shares its cache lines. Any thread.
	 */
	private final AtomicLongArray known = new AtomicLongArray(2 * PEAK);

	PeakEwmaTracker(double decayNanos, double latency, long now) {
		this.decayNanos = decayNanos;
		this.origin = now;
		this.known.set(PEAK, peak(latency, 0));
	}

	@Override
	public void started(long now) {
		this.known.getAndAdd(UNANSWERED, entry(now));
	}

	@Override
	public void completed(long startedAt, long now, Outcome outcome) {
		this.known.getAndAdd(UNANSWERED, -entry(startedAt));
		double elapsed = Math.max(0, now - startedAt);
		if (outcome == Outcome.RESPONDED) {
			forgive(startedAt);
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
			before = this.known.get(PEAK);
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
		while (!this.known.compareAndSet(PEAK, before, after));
	}

	/**
	 * A failure says nothing of how long an answer takes, but it must cost more than a
	 * slow answer, however quick it was.
	 */
	private void penalize(double elapsed, long now) {
		double cost = Math.max(LEAST_PENALTY, PENALTY_LATENCIES * Math.max(elapsed, latency(now)));
		long before;
		do {
			before = this.known.get(PENALTY);
		}
		while (!this.known.compareAndSet(PENALTY, before, peak(Math.max(cost, fadedPenalty(before, now)), tick(now))));
	}

	/** A request that was sent after the last failure has its answer. */
	private void forgive(long startedAt) {
		long penalty = this.known.get(PENALTY);
		if (penalty != 0 && (int) tick(startedAt) - (int) penalty >= 0) {
			this.known.compareAndSet(PENALTY, penalty, 0);
		}
	}

	@Override
	public void failedAfterResponse(long now) {
		penalize(0, now);
	}

	@Override
	public void readmitted(long now) {
		this.known.set(PENALTY, 0);
	}

	@Override
	public double load(long now, int pending) {
		long penalty = this.known.get(PENALTY);
		double latency = latency(now);
		return ((penalty == 0) ? latency : Math.max(latency, fadedPenalty(penalty, now))) * (pending + 1.0)
				* NANOS_TO_MILLIS;
	}

	/**
	 * Return what a request sent now is expected to take.
	 * @param now the time in nanoseconds
	 * @return the latency in nanoseconds
	 */
	double latency(long now) {
		double faded = faded(this.known.get(PEAK), now);
		double age = meanAge(now);
		// As neither is NaN, this is Math.max, which takes longer.
		return (age > faded) ? age : faded;
	}

	private double fadedPenalty(long penalty, long now) {
		return value(penalty) * Math.pow(weight(penalty, tick(now)), PENALTY_HASTE);
	}

	/** Return what is left of a value by now. */
	private double faded(long peak, long now) {
		return value(peak) * weight(peak, tick(now));
	}

	private static double value(long peak) {
		return Float.intBitsToFloat((int) (peak >>> 32));
	}

	private double meanAge(long now) {
		long unanswered = this.known.get(UNANSWERED);
		long count = unanswered & COUNT_MASK;
		if (count == 0) {
			return 0;
		}
		long ages = ((count * tick(now) << COUNT_BITS) - (unanswered & ~COUNT_MASK)) >> COUNT_BITS;
		return Math.max(0, (double) ages / count) * (1 << TICK_SHIFT);
	}

	private double weight(long peak, long tick) {
		// Another thread may have been first with a later time: then nothing has elapsed.
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
