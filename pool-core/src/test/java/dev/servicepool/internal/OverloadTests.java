package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import dev.servicepool.Lease;
import dev.servicepool.PoolOverloadedException;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Callers of a pool that stays overloaded wait only briefly.
 */
class OverloadTests {

	private static final int MAX_WAITING = 4;

	private static final Duration BRIEFLY = Duration.ofMillis(150);

	private PoolFixture fixture = PoolFixture
		.of((pool) -> pool.maxConcurrency(1).maxServices(1).maxWaiting(MAX_WAITING))
		.started();

	/** The callers that may wait, in the order of their arrival. */
	private final Deque<Waiter<String, String>> waiting = new ArrayDeque<>();

	private Lease<String, String> lease = this.fixture.lease();

	@Test
	void callersWaitBrieflyWhileOverloadLasts() {
		overload();
		this.fixture.after(BRIEFLY.minusNanos(1));
		assertThat(this.waiting).noneMatch(Waiter::isSettled);
		this.fixture.after(Duration.ofNanos(1));
		assertThat(this.waiting).filteredOn(Waiter::isSettled).hasSize(MAX_WAITING - 1).allSatisfy((caller) -> {
			assertThatExceptionOfType(PoolOverloadedException.class).isThrownBy(() -> this.fixture.lease(caller))
				.withMessageContaining("wait queue remains full (maxWaiting=4; ")
				.satisfies((ex) -> assertThat(ex.getStackTrace()).isEmpty());
		});
		assertThat(this.fixture.count(Type.REJECTED)).isEqualTo(1 + 1 + MAX_WAITING - 1);
	}

	@Test
	void lastCallerIsServedEvenIfOverloadLasts() {
		overload();
		this.fixture.after(Duration.ofSeconds(1));
		Waiter<String, String> last = this.waiting.removeLast();
		assertThat(last.isSettled()).isFalse();
		this.lease.succeed();
		this.fixture.lease(last).succeed();
	}

	@Test
	void callersOfBurstWaitUntilServed() {
		fill();
		reject();
		this.fixture.after(Duration.ofSeconds(5));
		assertThat(this.waiting).noneMatch(Waiter::isSettled);
		for (int served = 0; served < MAX_WAITING; served++) {
			serveFirst();
		}
		this.lease.succeed();
		assertThat(this.fixture.snapshot().totals().calls().rejected()).isOne();
	}

	@Test
	void callersWaitWhileServerDoesNotRespond() {
		fill();
		for (int second = 0; second < 20; second++) {
			reject();
			this.fixture.after(Duration.ofSeconds(1));
		}
		assertThat(this.waiting).noneMatch(Waiter::isSettled);
	}

	@Test
	void callersWaitAgainTenSecondsAfterLastRejection() {
		overload();
		this.fixture.after(BRIEFLY);
		this.waiting.removeIf(Waiter::isSettled);
		this.fixture.after(Duration.ofSeconds(10).plusNanos(1));
		fill();
		this.fixture.after(Duration.ofSeconds(10));
		assertThat(this.waiting).hasSize(MAX_WAITING).noneMatch(Waiter::isSettled);
	}

	@Test
	void callersWaitForServiceThatIsBeingCreated() {
		this.fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1).maxServices(2).maxWaiting(MAX_WAITING))
			.started();
		this.lease = this.fixture.lease();
		fill();
		for (int served = 0; served < 2 * MAX_WAITING; served++) {
			reject();
			serveFirst();
			fill();
		}
		assertThat(this.fixture.snapshot().totals().creations().inProgress()).isOne();
		this.fixture.time.advance(Duration.ofSeconds(1));
		assertThat(this.waiting).noneMatch(Waiter::isSettled);
	}

	/** Serve as many callers as can wait while the wait queue remains full. */
	private void overload() {
		fill();
		reject();
		for (int served = 0; served < MAX_WAITING; served++) {
			serveFirst();
			fill();
		}
		reject();
	}

	/** Fill the wait queue. */
	private void fill() {
		while (this.waiting.size() < MAX_WAITING) {
			this.waiting.add(this.fixture.ask());
		}
	}

	private void reject() {
		Waiter<String, String> rejected = this.fixture.ask();
		assertThatExceptionOfType(PoolOverloadedException.class).isThrownBy(() -> this.fixture.lease(rejected))
			.withMessageContaining("wait queue is full (maxWaiting=4; ");
	}

	private void serveFirst() {
		List<Waiter<String, String>> before = new ArrayList<>(this.waiting);
		this.lease.succeed();
		assertThat(before.get(0).isSettled()).isTrue();
		this.lease = this.fixture.lease(this.waiting.removeFirst());
	}

}
