package dev.servicepool;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * The last decisions of a pool. Guarded by the pool's lock.
 */
final class EventLog {

	static final int CAPACITY = 50;

	private final String pool;

	private final InstantSource clock;

	private final Deque<PoolEvent> events = new ArrayDeque<>();

	private @Nullable PoolEvent lastDecision;

	private long sequence;

	EventLog(String pool, InstantSource clock) {
		this.pool = pool;
		this.clock = clock;
	}

	/**
	 * Write down a decision. What is about single callers, who come by the thousand,
	 * takes one entry each for all since the last other decision, so that they don't push
	 * out the rest.
	 * @return the event
	 */
	PoolEvent add(Type type, @Nullable Reason reason, String message, @Nullable Long service, int poolSize) {
		PoolEvent event = new PoolEvent(this.pool, ++this.sequence, this.clock.instant(), type, reason, message,
				service, poolSize, 1);
		boolean aboutCaller = isAboutCaller(type);
		if (!aboutCaller) {
			this.lastDecision = event;
		}
		PoolEvent same = aboutCaller ? lastInRow(type) : null;
		if (same != null) {
			this.events.remove(same);
			this.events.addLast(event.withCount(same.count() + 1));
			return event;
		}
		if (this.events.size() == CAPACITY) {
			this.events.removeFirst();
		}
		this.events.addLast(event);
		return event;
	}

	/** Find the entry of a kind since the last decision that was not about a caller. */
	private @Nullable PoolEvent lastInRow(Type type) {
		for (Iterator<PoolEvent> latest = this.events.descendingIterator(); latest.hasNext();) {
			PoolEvent event = latest.next();
			if (event.type() == type) {
				return event;
			}
			if (!isAboutCaller(event.type())) {
				return null;
			}
		}
		return null;
	}

	private static boolean isAboutCaller(Type type) {
		return type == Type.REJECTED || type == Type.TIMED_OUT || type == Type.LEAK_SUSPECTED;
	}

	@Nullable PoolEvent lastDecision() {
		return this.lastDecision;
	}

	List<PoolEvent> events() {
		return List.copyOf(this.events);
	}

}
