package dev.servicepool.spring.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;

/**
 * Numbers of events of one pool that its snapshot does not count, since the pool was
 * created. Used by any thread.
 */
final class EventCounts {

	/** Filled by the constructor, then only read. */
	private final Map<Reason, LongAdder> reasons = new EnumMap<>(Reason.class);

	private final LongAdder leaks = new LongAdder();

	EventCounts() {
		for (Reason reason : Reason.values()) {
			this.reasons.put(reason, new LongAdder());
		}
	}

	/** Return whether an event is counted. */
	static boolean areOf(PoolEvent event) {
		return event.reason() != null || event.type() == Type.LEAK_SUSPECTED;
	}

	void add(PoolEvent event) {
		Reason reason = event.reason();
		((reason != null) ? this.reasons.get(reason) : this.leaks).increment();
	}

	long of(Reason reason) {
		return this.reasons.get(reason).sum();
	}

	long leaks() {
		return this.leaks.sum();
	}

}
