package dev.servicepool.sample;

import java.time.Instant;

import dev.servicepool.PoolEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SizeRecorder}.
 */
class SizeRecorderTests {

	private final SizeRecorder recorder = new SizeRecorder();

	@Test
	void recordsLargestSizeSinceStart() {
		size("quotes", 8);
		size("quotes", 2);
		try (SizeRecorder.Recording recording = this.recorder.start()) {
			assertThat(recording.largest()).isEqualTo(2);
			size("quotes", 5);
			size("quotes", 3);
			assertThat(recording.largest()).isEqualTo(5);
		}
	}

	@Test
	void recordsSeparatelyWhenRecordingsOverlap() {
		try (SizeRecorder.Recording earlier = this.recorder.start()) {
			size("quotes", 4);
			size("quotes", 2);
			try (SizeRecorder.Recording later = this.recorder.start()) {
				size("quotes", 3);
				assertThat(earlier.largest()).isEqualTo(4);
				assertThat(later.largest()).isEqualTo(3);
			}
		}
	}

	@Test
	void ignoresOtherPools() {
		try (SizeRecorder.Recording recording = this.recorder.start()) {
			size("others", 9);
			assertThat(recording.largest()).isZero();
		}
	}

	private void size(String pool, int services) {
		this.recorder
			.onEvent(new PoolEvent(pool, 1, Instant.EPOCH, PoolEvent.Type.JOINED, null, "created", 1L, services));
	}

}
