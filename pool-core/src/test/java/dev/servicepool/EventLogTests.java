package dev.servicepool;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

import dev.servicepool.PoolEvent.What;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is kept of the decisions of a pool.
 */
class EventLogTests {

	private final FakeTime time = new FakeTime();

	private final EventLog log = new EventLog("test", this.time);

	@Test
	void isEmptyAtFirst() {
		assertThat(this.log.events()).isEmpty();
		assertThat(this.log.lastDecision()).isNull();
	}

	@Test
	void keepsWhatWasDecidedWhenAndWhy() {
		this.time.advance(Duration.ofSeconds(7));
		PoolEvent event = this.log.add(What.CREATED, null, "load 0.3 above 0.2", 4L, 3);
		assertThat(event).isEqualTo(new PoolEvent("test", 1, FakeTime.START.plusSeconds(7), What.CREATED, null,
				"load 0.3 above 0.2", 4L, 3, 1));
		assertThat(this.log.events()).containsExactly(event);
		assertThat(this.log.lastDecision()).isEqualTo(event);
	}

	@Test
	void keepsTheLastFifty() {
		add(What.CREATED, 51);
		assertThat(this.log.events()).extracting(PoolEvent::sequence)
			.containsExactlyElementsOf(LongStream.rangeClosed(2, 51).boxed().toList());
	}

	@Test
	void rejectionsInARowAreOneEntryTheLastOfThemWithTheirCount() {
		add(What.CREATED, 1);
		add(What.REJECTED, 1000);
		assertThat(this.log.events()).hasSize(2);
		assertThat(this.log.events().get(1)).satisfies((event) -> {
			assertThat(event.what()).isEqualTo(What.REJECTED);
			assertThat(event.times()).isEqualTo(1000);
			assertThat(event.sequence()).isEqualTo(1001);
		});
	}

	@Test
	void timeoutsInARowAreOneEntryTheLastOfThemWithTheirCount() {
		add(What.TIMED_OUT, 2);
		this.time.advance(Duration.ofSeconds(1));
		add(What.TIMED_OUT, 1);
		assertThat(this.log.events()).singleElement().satisfies((event) -> {
			assertThat(event.times()).isEqualTo(3);
			assertThat(event.time()).isEqualTo(FakeTime.START.plusSeconds(1));
		});
	}

	@Test
	void whatIsNotInARowIsNotCountedTogether() {
		add(What.REJECTED, 2);
		add(What.TIMED_OUT, 3);
		add(What.CREATED, 1);
		add(What.TIMED_OUT, 1);
		assertThat(this.log.events()).extracting(PoolEvent::what)
			.containsExactly(What.REJECTED, What.TIMED_OUT, What.CREATED, What.TIMED_OUT);
		assertThat(this.log.events()).extracting(PoolEvent::times).containsExactly(2, 3, 1, 1);
	}

	@Test
	void decisionsOfTheSameKindAreNotCountedTogether() {
		add(What.CREATION_FAILED, 3);
		assertThat(this.log.events()).hasSize(3).allMatch((event) -> event.times() == 1);
	}

	@Test
	void countingTogetherPushesNothingOut() {
		add(What.CREATED, 49);
		add(What.REJECTED, 1000);
		assertThat(this.log.events()).hasSize(50);
		assertThat(this.log.events().get(0).sequence()).isOne();
	}

	@Test
	void theLastDecisionIsNotAboutASingleCaller() {
		add(What.EVICTED, 1);
		add(What.REJECTED, 1);
		add(What.TIMED_OUT, 1);
		assertThat(this.log.lastDecision().what()).isEqualTo(What.EVICTED);
	}

	@Test
	void theLastDecisionIsKnownEvenWhenItHasBeenPushedOut() {
		add(What.EVICTED, 1);
		add(What.DRAINED, 1);
		for (int i = 0; i < 50; i++) {
			add(What.REJECTED, 1);
			add(What.VETOED, 1);
		}
		assertThat(this.log.events()).noneMatch((event) -> event.what() == What.EVICTED);
		assertThat(this.log.lastDecision().what()).isEqualTo(What.VETOED);
	}

	@Test
	void rejectionsAndTimeoutsByTurnsTakeOneEntryEach() {
		add(What.EVICTED, 1);
		for (int i = 0; i < 50; i++) {
			add(What.REJECTED, 1);
			add(What.TIMED_OUT, 1);
		}
		assertThat(this.log.events()).extracting(PoolEvent::what)
			.containsExactly(What.EVICTED, What.REJECTED, What.TIMED_OUT);
		assertThat(this.log.events()).extracting(PoolEvent::times).containsExactly(1, 50, 50);
		assertThat(this.log.lastDecision().what()).isEqualTo(What.EVICTED);
	}

	@Test
	void whatWasHandedOutDoesNotChange() {
		add(What.REJECTED, 1);
		List<PoolEvent> events = this.log.events();
		add(What.REJECTED, 1);
		add(What.CREATED, 1);
		assertThat(events).singleElement().satisfies((event) -> assertThat(event.times()).isOne());
	}

	private void add(What what, int times) {
		for (int i = 0; i < times; i++) {
			this.log.add(what, null, "because", null, 1);
		}
	}

}
