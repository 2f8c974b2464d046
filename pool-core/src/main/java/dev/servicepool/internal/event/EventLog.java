package dev.servicepool.internal.event;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.CountedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Last events of a pool. Guarded by the lock.
 */
public final class EventLog {

	public static final int CAPACITY = 50;

	/** Events about all calls, which follow from no decision about a service. */
	private static final Set<Type> NO_DECISIONS = EnumSet.of(Type.OUTAGE, Type.RECOVERED, Type.RETRIES_EXHAUSTED,
			Type.RETRIES_AVAILABLE);

	private final String pool;

	private final InstantSource clock;

	private final Deque<CountedEvent> events = new ArrayDeque<>();

	private @Nullable PoolEvent lastDecision;

	private long sequence;

	public EventLog(String pool, InstantSource clock) {
		this.pool = pool;
		this.clock = clock;
	}

	/**
	 * Add an event. Events about single callers can occur thousands of times. All events
	 * of one such type since the last decision share one entry, so that they do not
	 * displace decisions.
	 * @return the event
	 */
	public PoolEvent add(Type type, @Nullable Reason reason, String message, @Nullable Long service, int poolSize) {
		PoolEvent event = new PoolEvent(this.pool, ++this.sequence, this.clock.instant(), type, reason, message,
				service, poolSize);
		boolean aboutCaller = isAboutCaller(type);
		if (!aboutCaller && !NO_DECISIONS.contains(type)) {
			this.lastDecision = event;
		}
		CountedEvent same = aboutCaller ? lastInRow(type) : null;
		if (same != null) {
			this.events.remove(same);
		}
		else if (this.events.size() == CAPACITY) {
			this.events.removeFirst();
		}
		this.events.addLast(new CountedEvent(event, (same != null) ? same.count() + 1 : 1));
		return event;
	}

	/** Return the entry of a type since the last event that was not about a caller. */
	private @Nullable CountedEvent lastInRow(Type type) {
		for (Iterator<CountedEvent> latest = this.events.descendingIterator(); latest.hasNext();) {
			CountedEvent entry = latest.next();
			if (entry.event().type() == type) {
				return entry;
			}
			if (!isAboutCaller(entry.event().type())) {
				return null;
			}
		}
		return null;
	}

	private static boolean isAboutCaller(Type type) {
		return type == Type.REJECTED || type == Type.TIMED_OUT || type == Type.LEAK_SUSPECTED;
	}

	/** Describe the last events. */
	public PoolSnapshot.Events snapshot() {
		return new PoolSnapshot.Events(this.lastDecision, List.copyOf(this.events));
	}

}
