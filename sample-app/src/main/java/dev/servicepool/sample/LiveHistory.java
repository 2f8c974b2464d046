package dev.servicepool.sample;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolListener;

import org.springframework.stereotype.Component;

/**
 * Samples and events of the last minutes. The live page receives them when it is opened.
 */
@Component
class LiveHistory implements PoolListener {

	/** Period that the samples cover. */
	static final Duration SPAN = Duration.ofMinutes(3);

	static final int MAX_EVENTS = 300;

	/** Guarded by this. */
	private final Deque<LiveSample> samples = new ArrayDeque<>();

	/** Guarded by this. */
	private final Deque<LiveEvent> events = new ArrayDeque<>();

	/**
	 * Add a sample, and remove samples that are too old.
	 */
	synchronized void add(LiveSample sample) {
		this.samples.addLast(sample);
		while (this.samples.getFirst().timestamp().isBefore(sample.timestamp().minus(SPAN))) {
			this.samples.removeFirst();
		}
	}

	@Override
	public synchronized void onEvent(PoolEvent event) {
		if (event.pool().equals("quotes")) {
			this.events.addLast(LiveEvent.of(event));
			if (this.events.size() > MAX_EVENTS) {
				this.events.removeFirst();
			}
		}
	}

	/**
	 * Return a copy of the history.
	 */
	synchronized Content content() {
		return new Content(List.copyOf(this.samples), List.copyOf(this.events));
	}

	/**
	 * Return the events after an event.
	 * @param sequence the number of the event, 0 to return all events
	 */
	synchronized List<LiveEvent> eventsAfter(long sequence) {
		return this.events.stream().filter((event) -> event.sequence() > sequence).toList();
	}

	/**
	 * Content of the history.
	 *
	 * @param samples the samples, oldest first
	 * @param events the events, oldest first
	 */
	record Content(List<LiveSample> samples, List<LiveEvent> events) {
	}

}
