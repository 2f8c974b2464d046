package dev.servicepool;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.What;
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
	PoolEvent add(What what, @Nullable Reason reason, String why, @Nullable Long service, int services) {
		PoolEvent event = new PoolEvent(this.pool, ++this.sequence, this.clock.instant(), what, reason, why, service,
				services, 1);
		boolean aboutCaller = isAboutCaller(what);
		if (!aboutCaller) {
			this.lastDecision = event;
		}
		PoolEvent same = aboutCaller ? lastInRow(what) : null;
		if (same != null) {
			this.events.remove(same);
			this.events.addLast(event.withTimes(same.times() + 1));
			return event;
		}
		if (this.events.size() == CAPACITY) {
			this.events.removeFirst();
		}
		this.events.addLast(event);
		return event;
	}

	/** Find the entry of a kind since the last decision that was not about a caller. */
	private @Nullable PoolEvent lastInRow(What what) {
		for (Iterator<PoolEvent> latest = this.events.descendingIterator(); latest.hasNext();) {
			PoolEvent event = latest.next();
			if (event.what() == what) {
				return event;
			}
			if (!isAboutCaller(event.what())) {
				return null;
			}
		}
		return null;
	}

	private static boolean isAboutCaller(What what) {
		return what == What.REJECTED || what == What.TIMED_OUT || what == What.LEAK_SUSPECTED;
	}

	@Nullable PoolEvent lastDecision() {
		return this.lastDecision;
	}

	List<PoolEvent> events() {
		return List.copyOf(this.events);
	}

}
