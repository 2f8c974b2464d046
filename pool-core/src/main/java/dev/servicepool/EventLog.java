package dev.servicepool;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

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
	 * Write down a decision. Rejections and timeouts, which come by the thousand, take
	 * one entry for all in a row, so that they don't push out the rest.
	 * @return the event
	 */
	PoolEvent add(What what, String why, @Nullable Long service, int services) {
		PoolEvent event = new PoolEvent(this.pool, ++this.sequence, this.clock.instant(), what, why, service, services,
				1);
		boolean aboutCaller = what == What.REJECTED || what == What.TIMED_OUT;
		if (!aboutCaller) {
			this.lastDecision = event;
		}
		PoolEvent last = this.events.peekLast();
		if (aboutCaller && last != null && last.what() == what) {
			this.events.removeLast();
			this.events.addLast(event.withTimes(last.times() + 1));
		}
		else {
			if (this.events.size() == CAPACITY) {
				this.events.removeFirst();
			}
			this.events.addLast(event);
		}
		return event;
	}

	@Nullable PoolEvent lastDecision() {
		return this.lastDecision;
	}

	List<PoolEvent> events() {
		return List.copyOf(this.events);
	}

}
