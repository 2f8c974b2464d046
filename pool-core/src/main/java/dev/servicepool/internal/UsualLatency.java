package dev.servicepool.internal;

import java.time.Duration;
import java.util.random.RandomGenerator;

import dev.servicepool.internal.balance.ReadySet;
import org.jspecify.annotations.Nullable;

/**
 * Latency that an error response would have had if it were a success. This is the latency
 * of the last success of the same service, if it is recent, or else that of another
 * service, chosen at random. Any thread, without the lock.
 */
final class UsualLatency<Q, R> {

	/** The time during which the latency of a success is representative. */
	private static final long RECENT = Duration.ofSeconds(10).toNanos();

	private final ReadySet<Member<Q, R>> ready;

	private final RandomGenerator random;

	UsualLatency(ReadySet<Member<Q, R>> ready, RandomGenerator random) {
		this.ready = ready;
		this.random = random;
	}

	/** Return the latency in nanoseconds, 0 if it is not known. */
	long of(Member<Q, R> member, long now) {
		Member<Q, R> source = hasSucceeded(member, now) ? member : other(now);
		return ((source != null) ? source : member).responsiveness.successLatency();
	}

	private @Nullable Member<Q, R> other(long now) {
		int size = this.ready.size();
		int start = (size > 1) ? this.random.nextInt(size) : 0;
		for (int index = 0; index < size; index++) {
			Member<Q, R> other = this.ready.get((start + index) % size);
			if (other != null && hasSucceeded(other, now)) {
				return other;
			}
		}
		return null;
	}

	private boolean hasSucceeded(Member<Q, R> member, long now) {
		return member.responsiveness.hasSucceededWithin(RECENT, now);
	}

}
