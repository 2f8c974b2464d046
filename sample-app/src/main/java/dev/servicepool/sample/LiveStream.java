package dev.servicepool.sample;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Stream that sends the same frames to all listeners, and creates no frames while there
 * are no listeners. A listener that does not read blocks the others until Tomcat closes
 * its connection, which is acceptable for a sample.
 */
@Component
class LiveStream {

	private static final long NO_TIMEOUT = 0;

	private final LiveFrameFactory frames;

	private final Set<SseEmitter> listeners = ConcurrentHashMap.newKeySet();

	/** Written once by the thread that closes the application, read by any thread. */
	private volatile boolean closing;

	LiveStream(LiveFrameFactory frames) {
		this.frames = frames;
	}

	/**
	 * Add a listener. It receives frames until it disconnects or the application closes.
	 */
	SseEmitter listen() {
		SseEmitter listener = new SseEmitter(NO_TIMEOUT);
		listener.onCompletion(() -> this.listeners.remove(listener));
		this.listeners.add(listener);
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
		if (!this.listeners.isEmpty()) {
			LiveFrame frame = this.frames.create();
			this.listeners.forEach((listener) -> send(frame, listener));
		}
	}

	private void send(LiveFrame frame, SseEmitter listener) {
		try {
			listener.send(frame, MediaType.APPLICATION_JSON);
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
