package dev.servicepool.load;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The latency of one service: a decaying peak, and the mean age of the requests whose
 * response has not begun.
 * <p>
 * Both parts are one {@code long} each, so that every update is one atomic step, nobody
 * ever sees half of one, and nothing is allocated. Times are counted in ticks of
 * 2<sup>16</sup> ns (66 us) since the gauge was made.
 */
final class PeakEwmaGauge implements LoadGauge {

	/** Nanoseconds to ticks. */
	private static final int TICK_SHIFT = 16;

	/** Low bits of {@link #unanswered} that hold the count: up to a million requests. */
	private static final int COUNT_BITS = 20;

	private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

	private final double decayNanos;

	private final long origin;

	/**
	 * The latency in nanoseconds as a {@code float} in the high half, and the tick at
	 * which it was right in the low half. Any thread. Ticks wrap after 78 hours: an
	 * estimate that was not updated for so long counts as fresh for a moment, which is
	 * harmless, since such a service has had no traffic to balance.
	 */
	private final AtomicLong peak;

	/**
	 * The requests without a response: their number in the low bits, the sum of their
	 * start ticks above, both changed by one addition. The sum wraps, and so does the
	 * difference that yields the sum of their ages, which is small. Any thread.
	 */
	private final AtomicLong unanswered = new AtomicLong();

	PeakEwmaGauge(double decayNanos, double latency, long now) {
		this.decayNanos = decayNanos;
		this.origin = now;
		this.peak = new AtomicLong(peak(latency, 0));
	}

	@Override
	public void started(long now) {
		this.unanswered.getAndAdd(entry(now));
	}

	@Override
	public void responded(long startedAt, long now, Outcome outcome) {
		this.unanswered.getAndAdd(-entry(startedAt));
		if (outcome == Outcome.UNKNOWN) {
			return;
		}
		double took = Math.max(0, now - startedAt);
		long tick = tick(now);
		long before;
		long after;
		do {
			before = this.peak.get();
			double estimate = Float.intBitsToFloat((int) (before >>> 32));
			double weight = weight(before, tick);
			if (took >= estimate) {
				after = peak(took, tick);
			}
			else if (outcome == Outcome.FAILED || weight == 1) {
				// A quick failure must not make the service look quick.
				return;
			}
			else {
				after = peak(estimate * weight + took * (1 - weight), tick);
			}
		}
		while (!this.peak.compareAndSet(before, after));
	}

	@Override
	public double load(long now, int pending) {
		return latency(now) * (pending + 1.0);
	}

	/**
	 * Return what a request sent now is expected to take.
	 * @param now the time in nanoseconds
	 * @return the latency in nanoseconds
	 */
	double latency(long now) {
		long peak = this.peak.get();
		double estimate = Float.intBitsToFloat((int) (peak >>> 32)) * weight(peak, tick(now));
		return Math.max(estimate, meanAge(now));
	}

	private double meanAge(long now) {
		long unanswered = this.unanswered.get();
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
		return Math.exp(-((double) elapsed * (1 << TICK_SHIFT)) / this.decayNanos);
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
