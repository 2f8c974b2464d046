package dev.servicepool.sample;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Stream that first sends the history to a new listener, and then the same frames to all
 * listeners. It creates no frames while there are no listeners. A listener that does not
 * read blocks the others until Tomcat closes its connection, which is acceptable for a
 * sample.
 */
@Component
class LiveStream {

	private static final long NO_TIMEOUT = 0;

	private final LiveFrameFactory frames;

	private final LiveHistory history;

	private final Set<SseEmitter> listeners = ConcurrentHashMap.newKeySet();

	/** Number of the last event that a frame contained. Used by the scheduler only. */
	private long lastEvent;

	/** Written once by the thread that closes the application, read by any thread. */
	private volatile boolean closing;

	LiveStream(LiveFrameFactory frames, LiveHistory history) {
		this.frames = frames;
		this.history = history;
	}

	/**
	 * Add a listener. It receives the history, and frames until it disconnects or the
	 * application closes. A frame that is sent before the history contains only events
	 * that are also part of the history, so that the listener can ignore that frame.
	 */
	SseEmitter listen() {
		SseEmitter listener = new SseEmitter(NO_TIMEOUT);
		listener.onCompletion(() -> this.listeners.remove(listener));
		this.listeners.add(listener);
		send(SseEmitter.event().name("history").data(this.history.content(), MediaType.APPLICATION_JSON), listener);
		if (this.closing) {
			listener.complete();
		}
		return listener;
	}

	/**
	 * Return the number of listeners.
	 */
	int listeners() {
		return this.listeners.size();
	}

	@Scheduled(fixedRate = 250)
	void send() {
		if (this.listeners.isEmpty()) {
			record(this.frames.sample());
			return;
		}
		LiveFrame frame = this.frames.frame(newEvents());
		record(frame.sample());
		for (SseEmitter listener : this.listeners) {
			send(SseEmitter.event().data(frame, MediaType.APPLICATION_JSON), listener);
		}
	}

	private void record(@Nullable LiveSample sample) {
		if (sample != null) {
			this.history.add(sample);
		}
	}

	private List<LiveEvent> newEvents() {
		List<LiveEvent> events = this.history.eventsAfter(this.lastEvent);
		if (!events.isEmpty()) {
			this.lastEvent = events.get(events.size() - 1).sequence();
		}
		return events;
	}

	private void send(SseEmitter.SseEventBuilder event, SseEmitter listener) {
		try {
			listener.send(event);
		}
		catch (IOException | IllegalStateException ex) {
			// The listener has disconnected, and Tomcat ends the response.
			this.listeners.remove(listener);
		}
	}

	/**
	 * End the responses so that they do not delay the shutdown.
	 */
	@EventListener(ContextClosedEvent.class)
	void close() {
		this.closing = true;
		this.listeners.forEach(SseEmitter::complete);
	}

}
