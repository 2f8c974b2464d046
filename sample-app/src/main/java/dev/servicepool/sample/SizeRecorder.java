package dev.servicepool.sample;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolListener;

import org.springframework.stereotype.Component;

/**
 * Hears of every change in the size of the pool {@code quotes}, so that no recording
 * misses one however short.
 */
@Component
class SizeRecorder implements PoolListener {

	private final Set<Recording> recordings = ConcurrentHashMap.newKeySet();

	@Override
	public void onEvent(PoolEvent event) {
		if (event.pool().equals("quotes")) {
			this.recordings.forEach((recording) -> recording.saw(event.services()));
		}
	}

	/**
	 * Begin a recording.
	 * @param size the size of the pool now
	 * @return the recording, to be closed at its end
	 */
	Recording start(int size) {
		Recording recording = new Recording(size);
		this.recordings.add(recording);
		return recording;
	}

	/**
	 * Remembers the largest size since it began.
	 */
	final class Recording implements AutoCloseable {

		private final AtomicInteger largest;

		private Recording(int size) {
			this.largest = new AtomicInteger(size);
		}

		private void saw(int size) {
			this.largest.accumulateAndGet(size, Math::max);
		}

		int largest() {
			return this.largest.get();
		}

		@Override
		public void close() {
			SizeRecorder.this.recordings.remove(this);
		}

	}

}
