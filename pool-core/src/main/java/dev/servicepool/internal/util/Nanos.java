package dev.servicepool.internal.util;

import java.time.Duration;

/**
 * Converts durations to nanoseconds that can be added to a time without overflow. Times
 * are compared by their difference, which must be less than 2<sup>63</sup>.
 */
public final class Nanos {

	private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

	private Nanos() {
	}

	public static long of(Duration duration) {
		if (duration.isNegative()) {
			return 0;
		}
		return (duration.compareTo(LONGEST) < 0) ? duration.toNanos() : LONGEST.toNanos();
	}

}
