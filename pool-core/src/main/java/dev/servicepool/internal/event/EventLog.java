package dev.servicepool.internal.event;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import org.jspecify.annotations.Nullable;

/**
 * Last events of a pool. Guarded by the lock.
 */
public final class EventLog {

	public static final int CAPACITY = 50;

	private final String pool;

	private final InstantSource clock;

	private final Deque<PoolEvent> events = new ArrayDeque<>();

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
				service, poolSize, 1);
		boolean aboutCaller = isAboutCaller(type);
		if (!aboutCaller && type != Type.OUTAGE && type != Type.RECOVERED) {
			this.lastDecision = event;
		}
		PoolEvent same = aboutCaller ? lastInRow(type) : null;
		if (same != null) {
			this.events.remove(same);
			this.events.addLast(withCount(event, same.count() + 1));
			return event;
		}
		if (this.events.size() == CAPACITY) {
			this.events.removeFirst();
		}
		this.events.addLast(event);
		return event;
	}

	private static PoolEvent withCount(PoolEvent event, int count) {
		return new PoolEvent(event.pool(), event.sequence(), event.timestamp(), event.type(), event.reason(),
				event.message(), event.service(), event.poolSize(), count);
	}

	/** Return the entry of a type since the last event that was not about a caller. */
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

	public @Nullable PoolEvent lastDecision() {
		return this.lastDecision;
	}

	public List<PoolEvent> events() {
		return List.copyOf(this.events);
	}

}
