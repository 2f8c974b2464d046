package dev.servicepool.internal.event;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

import dev.servicepool.internal.FakeTime;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot.CountedEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLog}.
 */
class EventLogTests {

	private final FakeTime time = new FakeTime();

	private final EventLog log = new EventLog("test", this.time);

	@Test
	void newLogIsEmpty() {
		assertThat(latest()).isEmpty();
		assertThat(this.log.snapshot().lastDecision()).isNull();
	}

	@Test
	void addedEventIsKept() {
		this.time.advance(Duration.ofSeconds(7));
		PoolEvent event = this.log.add(Type.CREATED, null, "load estimate 0.3 above 0.2", 4L, 3);
		assertThat(event).isEqualTo(new PoolEvent("test", 1, FakeTime.START.plusSeconds(7), Type.CREATED, null,
				"load estimate 0.3 above 0.2", 4L, 3));
		assertThat(latest()).containsExactly(new CountedEvent(event, 1));
		assertThat(this.log.snapshot().lastDecision()).isEqualTo(event);
	}

	@Test
	void lastFiftyEventsAreKept() {
		add(Type.CREATED, 51);
		assertThat(latest()).extracting(CountedEvent::event)
			.extracting(PoolEvent::sequence)
			.containsExactlyElementsOf(LongStream.rangeClosed(2, 51).boxed().toList());
	}

	@Test
	void consecutiveRejectionsShareOneEvent() {
		add(Type.CREATED, 1);
		add(Type.REJECTED, 1000);
		assertThat(latest()).hasSize(2);
		assertThat(latest().get(1)).satisfies((last) -> {
			assertThat(last.event().type()).isEqualTo(Type.REJECTED);
			assertThat(last.count()).isEqualTo(1000);
			assertThat(last.event().sequence()).isEqualTo(1001);
		});
	}

	@Test
	void consecutiveTimeoutsShareOneEvent() {
		add(Type.TIMED_OUT, 2);
		this.time.advance(Duration.ofSeconds(1));
		add(Type.TIMED_OUT, 1);
		assertThat(latest()).singleElement().satisfies((last) -> {
			assertThat(last.count()).isEqualTo(3);
			assertThat(last.event().timestamp()).isEqualTo(FakeTime.START.plusSeconds(1));
		});
	}

	@Test
	void separatedEventsAreNotCountedTogether() {
		add(Type.REJECTED, 2);
		add(Type.TIMED_OUT, 3);
		add(Type.CREATED, 1);
		add(Type.TIMED_OUT, 1);
		assertThat(latest()).extracting(CountedEvent::event)
			.extracting(PoolEvent::type)
			.containsExactly(Type.REJECTED, Type.TIMED_OUT, Type.CREATED, Type.TIMED_OUT);
		assertThat(latest()).extracting(CountedEvent::count).containsExactly(2, 3, 1, 1);
	}

	@Test
	void decisionsOfSameTypeAreNotCountedTogether() {
		add(Type.CREATION_FAILED, 3);
		assertThat(latest()).hasSize(3).allMatch((each) -> each.count() == 1);
	}

	@Test
	void eventsCountedTogetherDisplaceNoOtherEvent() {
		add(Type.CREATED, 49);
		add(Type.REJECTED, 1000);
		assertThat(latest()).hasSize(50);
		assertThat(latest().get(0).event().sequence()).isOne();
	}

	@Test
	void lastDecisionIsNotAboutSingleCaller() {
		add(Type.EVICTED, 1);
		add(Type.REJECTED, 1);
		add(Type.TIMED_OUT, 1);
		assertThat(this.log.snapshot().lastDecision().type()).isEqualTo(Type.EVICTED);
	}

	@Test
	void lastDecisionIsKnownAfterEventsAreDisplaced() {
		add(Type.EVICTED, 1);
		add(Type.DRAINED, 1);
		for (int i = 0; i < 50; i++) {
			add(Type.REJECTED, 1);
			add(Type.VETOED, 1);
		}
		assertThat(latest()).noneMatch((each) -> each.event().type() == Type.EVICTED);
		assertThat(this.log.snapshot().lastDecision().type()).isEqualTo(Type.VETOED);
	}

	@Test
	void alternatingRejectionsAndTimeoutsShareOneEventEach() {
		add(Type.EVICTED, 1);
		for (int i = 0; i < 50; i++) {
			add(Type.REJECTED, 1);
			add(Type.TIMED_OUT, 1);
		}
		assertThat(latest()).extracting(CountedEvent::event)
			.extracting(PoolEvent::type)
			.containsExactly(Type.EVICTED, Type.REJECTED, Type.TIMED_OUT);
		assertThat(latest()).extracting(CountedEvent::count).containsExactly(1, 50, 50);
		assertThat(this.log.snapshot().lastDecision().type()).isEqualTo(Type.EVICTED);
	}

	@Test
	void returnedEventsDoNotChange() {
		add(Type.REJECTED, 1);
		List<CountedEvent> events = latest();
		add(Type.REJECTED, 1);
		add(Type.CREATED, 1);
		assertThat(events).singleElement().satisfies((each) -> assertThat(each.count()).isOne());
	}

	private List<CountedEvent> latest() {
		return this.log.snapshot().latest();
	}

	private void add(Type type, int times) {
		for (int i = 0; i < times; i++) {
			this.log.add(type, null, "message", null, 1);
		}
	}

}
