package dev.servicepool.sample;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolListener;

import org.springframework.stereotype.Component;

/**
 * {@link PoolListener} that records the size of the pool {@code quotes}. It receives
 * every change of the size, so that a recording includes even short peaks.
 */
@Component
class SizeRecorder implements PoolListener {

	private final Set<Recording> recordings = ConcurrentHashMap.newKeySet();

	/** Written by event calls, which arrive one at a time; read by any thread. */
	private volatile int size;

	@Override
	public void onEvent(PoolEvent event) {
		if (event.pool().equals("quotes")) {
			this.size = event.poolSize();
			this.recordings.forEach((recording) -> recording.record(event.poolSize()));
		}
	}

	/**
	 * Start a recording.
	 * @return the recording; its caller must close it
	 */
	Recording start() {
		Recording recording = new Recording();
		this.recordings.add(recording);
		recording.record(this.size);
		return recording;
	}

	/**
	 * Recording of the largest size since its start, which is 0 if there is no pool.
	 */
	final class Recording implements AutoCloseable {

		private final AtomicInteger largest = new AtomicInteger();

		private void record(int size) {
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
