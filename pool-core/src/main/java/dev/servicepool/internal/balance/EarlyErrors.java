package dev.servicepool.internal.balance;

import java.util.concurrent.atomic.AtomicLongArray;

import org.jspecify.annotations.Nullable;

/**
 * Error responses of one service that arrived sooner than a successful response would
 * have. Each one counts as a request in flight until that time is over, so that a service
 * that fails fast does not seem to be idle.
 * <p>
 * The ends of these times are rounded, so that a fixed number of slots can count any
 * number of error responses. The error is at most one thirty-second of the time, or one
 * tick. Any thread; reading changes nothing.
 */
public final class EarlyErrors {

	/** Number of bits by which nanoseconds are shifted to obtain ticks (66 us). */
	private static final int TICK_SHIFT = 16;

	/** The number of slots, a power of two. */
	private static final int SLOTS = 64;

	/** The minimum number of different ends until the latest one. */
	private static final int RESOLUTION = 16;

	private static final int COUNT_BITS = 20;

	private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

	private final long origin;

	/**
	 * The slots, {@code null} before the first error response. The high bits of a slot
	 * are the tick at which its error responses cease to count, and the low bits are
	 * their number.
	 */
	private volatile @Nullable AtomicLongArray slots;

	/** The tick after which no error response counts any more. */
	private volatile long lastEnd;

	public EarlyErrors(long now) {
		this.origin = now;
	}

	/**
	 * Add an error response.
	 * @param early the time by which it was early, in nanoseconds
	 */
	public void add(long early, long now) {
		long left = Math.max(1, (early + (1L << TICK_SHIFT) / 2) >> TICK_SHIFT);
		long step = Math.max(1, Long.highestOneBit(left) / RESOLUTION);
		long tick = tick(now);
		long end = (tick + left + step / 2) / step * step;
		count(slots(), end, step, tick);
		if (end - this.lastEnd > 0) {
			// A lost race only shortens the time during which some error responses count.
			this.lastEnd = end;
		}
	}

	private synchronized AtomicLongArray slots() {
		AtomicLongArray slots = this.slots;
		if (slots == null) {
			slots = new AtomicLongArray(SLOTS);
			this.slots = slots;
		}
		return slots;
	}

	/**
	 * Count an error response in the slot with the same end, or else in an unused one. If
	 * all are in use, the error response shares the end of another one.
	 */
	private static void count(AtomicLongArray slots, long end, long step, long tick) {
		int first = (int) (end / step);
		for (int probe = 0; probe < 2 * SLOTS; probe++) {
			int index = (first + probe) & (SLOTS - 1);
			long slot = slots.get(index);
			boolean used = (slot >> COUNT_BITS) - tick > 0;
			if (!used || (slot >> COUNT_BITS) == end || probe >= SLOTS) {
				long changed = used ? slot + 1 : (end << COUNT_BITS) + 1;
				if (slots.compareAndSet(index, slot, changed)) {
					return;
				}
			}
		}
	}

	/** Return the number of error responses that count now. */
	public int count(long now) {
		AtomicLongArray slots = this.slots;
		if (slots == null) {
			return 0;
		}
		long tick = tick(now);
		if (this.lastEnd - tick <= 0) {
			return 0;
		}
		long count = 0;
		for (int index = 0; index < SLOTS; index++) {
			long slot = slots.get(index);
			count += ((slot >> COUNT_BITS) - tick > 0) ? slot & COUNT_MASK : 0;
		}
		return (int) Math.min(count, Integer.MAX_VALUE / 2);
	}

	private long tick(long now) {
		return (now - this.origin) >> TICK_SHIFT;
	}

}
