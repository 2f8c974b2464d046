package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import dev.servicepool.Lease;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the detection of outages: no call succeeds.
 */
class OutageTests {

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.maxServices(1)
			.maxConcurrency(1)
			.maxWaiting(1)
			.failureWhen((cause) -> cause instanceof IOException))
		.started();

	@Test
	void fiveCallsWithoutSuccessAreAnOutage() {
		fail(4);
		assertThat(this.fixture.snapshot().health().outage()).isNull();
		this.fixture.after(Duration.ofSeconds(2));
		fail(1);
		assertThat(this.fixture.snapshot().health().outage())
			.isEqualTo(new PoolSnapshot.Outage(Duration.ofSeconds(2), 5, "java.io.IOException: down"));
		assertThat(messages(Type.OUTAGE)).containsExactly(
				"5 calls ended in the last 2s, none of them succeeded; last failure: java.io.IOException: down");
	}

	@Test
	void successBeforeFifthFailurePreventsOutage() {
		fail(4);
		this.fixture.lease().succeed();
		fail(4);
		assertThat(this.fixture.snapshot().health().outage()).isNull();
	}

	@Test
	void ignoredFailurePreventsOutage() {
		fail(4);
		this.fixture.lease().fail(new IllegalArgumentException("caller"));
		fail(4);
		assertThat(this.fixture.snapshot().health().outage()).isNull();
	}

	@Test
	void failuresWithinMoreThanTenSecondsAreNoOutage() {
		for (int i = 0; i < 20; i++) {
			fail(1);
			this.fixture.after(Duration.ofSeconds(3));
		}
		assertThat(this.fixture.snapshot().health().outage()).isNull();
		fail(4);
		assertThat(this.fixture.snapshot().health().outage()).isNotNull();
	}

	@Test
	void rejectedAndTimedOutCallersCount() {
		Lease<String, String> lease = this.fixture.lease();
		Waiter<String, String> waiter = this.fixture.ask();
		for (int i = 0; i < 4; i++) {
			this.fixture.ask();
		}
		assertThat(this.fixture.snapshot().health().outage()).isNull();
		this.fixture.acquirer().giveUp(waiter);
		assertThat(this.fixture.snapshot().health().outage().lastFailure())
			.startsWith("no service became available within 0s");
		lease.succeed();
	}

	@Test
	void outageEndsWithinSecondAfterSuccess() {
		fail(7);
		this.fixture.lease().succeed();
		this.fixture.after(Duration.ofSeconds(1));
		assertThat(this.fixture.snapshot().health().outage()).isNull();
		assertThat(messages(Type.RECOVERED)).containsExactly("a call succeeded after 7 calls without a success in 1s");
	}

	@Test
	void outageIsRecordedOncePerMinute() {
		for (int second = 0; second < 150; second++) {
			fail(10);
			this.fixture.after(Duration.ofSeconds(1));
		}
		assertThat(messages(Type.OUTAGE)).hasSize(3)
			.last()
			.isEqualTo(
					"1201 calls ended in the last 2m, none of them succeeded; last failure: java.io.IOException: down");
	}

	@Test
	void shortOutagesAreRecordedOncePerMinute() {
		for (int i = 0; i < 10; i++) {
			fail(5);
			this.fixture.lease().succeed();
			this.fixture.after(Duration.ofSeconds(5));
		}
		assertThat(messages(Type.OUTAGE)).hasSize(1);
		assertThat(messages(Type.RECOVERED)).hasSize(1);
	}

	@Test
	void outageIsForgottenWithoutCalls() {
		fail(5);
		this.fixture.after(Duration.ofMinutes(9));
		assertThat(this.fixture.snapshot().health().outage()).isNotNull();
		this.fixture.after(Duration.ofMinutes(1));
		assertThat(this.fixture.snapshot().health().outage()).isNull();
		assertThat(messages(Type.RECOVERED)).isEmpty();
	}

	@Test
	void successesOfClosedServicesCount() {
		fail(4);
		this.fixture.lease().succeed();
		this.fixture.pool.retarget(List.of(Target.of("other")));
		this.fixture.settle();
		fail(4);
		assertThat(this.fixture.snapshot().health().outage()).isNull();
	}

	private void fail(int calls) {
		for (int i = 0; i < calls; i++) {
			this.fixture.lease().fail(new IOException("down"));
		}
	}

	private List<String> messages(Type type) {
		return this.fixture.events.stream().filter((event) -> event.type() == type).map(PoolEvent::message).toList();
	}

}
