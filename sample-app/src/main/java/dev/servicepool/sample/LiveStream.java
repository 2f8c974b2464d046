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
 * Sends every listener the same frames, and takes none while nobody listens. One that
 * does not read holds up the others until Tomcat gives it up, which a sample can bear.
 */
@Component
class LiveStream {

	private static final long NO_TIMEOUT = 0;

	private final LiveCamera camera;

	private final Set<SseEmitter> listeners = ConcurrentHashMap.newKeySet();

	/** Written once by the thread that closes the application, read by any. */
	private volatile boolean closing;

	LiveStream(LiveCamera camera) {
		this.camera = camera;
	}

	/**
	 * Begin to send to one more listener, until it goes away or the application closes.
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
	 * Return how many listeners there are.
	 */
	int listeners() {
		return this.listeners.size();
	}

	@Scheduled(fixedRate = 250)
	void send() {
		if (!this.listeners.isEmpty()) {
			LiveFrame frame = this.camera.capture();
			this.listeners.forEach((listener) -> send(frame, listener));
		}
	}

	private void send(LiveFrame frame, SseEmitter listener) {
		try {
			listener.send(frame, MediaType.APPLICATION_JSON);
		}
		catch (IOException | IllegalStateException ex) {
			// It has gone away, and Tomcat ends the response.
			this.listeners.remove(listener);
		}
	}

	/**
	 * End the responses, so that they don't hold up the shutdown.
	 */
	@EventListener(ContextClosedEvent.class)
	void close() {
		this.closing = true;
		this.listeners.forEach(SseEmitter::complete);
	}

}
