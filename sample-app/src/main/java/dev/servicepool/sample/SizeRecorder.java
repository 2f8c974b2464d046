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

	/** Written by one thread at a time, as events arrive in order; read by any. */
	private volatile int size;

	@Override
	public void onEvent(PoolEvent event) {
		if (event.pool().equals("quotes")) {
			this.size = event.poolSize();
			this.recordings.forEach((recording) -> recording.saw(event.poolSize()));
		}
	}

	/**
	 * Begin a recording.
	 * @return the recording, to be closed at its end
	 */
	Recording start() {
		Recording recording = new Recording();
		this.recordings.add(recording);
		recording.saw(this.size);
		return recording;
	}

	/**
	 * Remembers the largest size since it began; 0 if there is no pool.
	 */
	final class Recording implements AutoCloseable {

		private final AtomicInteger largest = new AtomicInteger();

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
