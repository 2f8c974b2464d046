package dev.servicepool.sample;

import java.time.Duration;
import java.time.Instant;

import dev.servicepool.PoolEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LiveHistory}.
 */
class LiveHistoryTests {

	private final LiveHistory history = new LiveHistory();

	@Test
	void samplesCoverSpan() {
		Duration interval = LiveHistory.SPAN.dividedBy(4);
		for (int i = 0; i < 10; i++) {
			this.history.add(new LiveSample(Instant.EPOCH.plus(interval.multipliedBy(i)), i, 0, 0.1));
		}
		assertThat(this.history.content().samples()).extracting(LiveSample::connections).containsExactly(5, 6, 7, 8, 9);
	}

	@Test
	void lastEventsAreKept() {
		for (int i = 1; i <= LiveHistory.MAX_EVENTS + 3; i++) {
			event("quotes", i);
		}
		assertThat(this.history.content().events()).hasSize(LiveHistory.MAX_EVENTS)
			.first()
			.extracting(LiveEvent::sequence)
			.isEqualTo(4L);
	}

	@Test
	void newEventsFollowSequence() {
		event("quotes", 1);
		event("quotes", 2);
		event("quotes", 3);
		assertThat(this.history.eventsAfter(1)).extracting(LiveEvent::sequence).containsExactly(2L, 3L);
		assertThat(this.history.eventsAfter(3)).isEmpty();
	}

	@Test
	void eventsAreSpelledAsOnEndpoint() {
		event("quotes", 1);
		assertThat(this.history.content().events()).containsExactly(
				new LiveEvent(1, Instant.EPOCH, "retired", "low-load", "load estimate 0 below 0.00001", 7L, 2));
	}

	@Test
	void ignoresOtherPools() {
		event("others", 1);
		assertThat(this.history.content().events()).isEmpty();
	}

	private void event(String pool, long sequence) {
		this.history.onEvent(new PoolEvent(pool, sequence, Instant.EPOCH, PoolEvent.Type.RETIRED,
				PoolEvent.Reason.LOW_LOAD, "load estimate 0 below 0.00001", 7L, 2));
	}

}
