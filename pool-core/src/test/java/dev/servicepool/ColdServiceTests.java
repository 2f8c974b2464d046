package dev.servicepool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service that has not answered yet, or not for long, gets one request at a time until
 * it answers, or until that takes so long that it must be working on it.
 */
class ColdServiceTests {

	private static final Duration COLD_AFTER = Duration.ofSeconds(10);

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.maxConcurrency(20).coldAfter(COLD_AFTER).idleTimeout(Duration.ZERO))
		.started();

	@Test
	void aNewServiceGetsOneRequestUntilItsFirstResponseBegins() {
		Lease<String, String> first = this.fixture.lease();
		assertThat(limit()).isOne();
		this.fixture.miss();
		first.recordResponse();
		assertThat(limit()).isEqualTo(20);
		this.fixture.leases(19);
		this.fixture.miss();
	}

	@Test
	void thoseWhoWaitedAreServedWhenItBegins() {
		Lease<String, String> first = this.fixture.lease();
		List<Waiter<String, String>> waiting = List.of(this.fixture.ask(), this.fixture.ask());
		first.recordResponse();
		assertThat(waiting).allMatch(Waiter::isSettled);
		assertThat(this.fixture.snapshot().inFlight()).isEqualTo(3);
	}

	@Test
	void aResponseThatEndsAtOnceHasBegunAsWell() {
		this.fixture.lease().succeed();
		assertThat(limit()).isEqualTo(20);
	}

	@Test
	void aFailureDoesNotWarm() {
		this.fixture.lease().fail(new Exception("refused"));
		assertThat(limit()).isOne();
		this.fixture.lease().close();
		this.fixture.lease().returnUnsent();
		assertThat(limit()).isOne();
	}

	@Test
	void aServiceWithoutTrafficGetsColdAgain() {
		this.fixture.hit(1);
		this.fixture.pass(Duration.ofSeconds(9));
		assertThat(limit()).as("not yet").isEqualTo(20);
		this.fixture.pass(Duration.ofSeconds(7));
		assertThat(limit()).isOne();
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.miss();
		lease.recordResponse();
		assertThat(limit()).isEqualTo(20);
	}

	@Test
	void anyTrafficKeepsItWarm() {
		this.fixture.hit(1);
		for (int i = 0; i < 10; i++) {
			this.fixture.pass(Duration.ofSeconds(7)).hit(1);
			assertThat(limit()).isEqualTo(20);
		}
	}

	@Test
	void aRequestInFlightKeepsItWarm() {
		Lease<String, String> lease = this.fixture.lease();
		lease.recordResponse();
		this.fixture.pass(Duration.ofMinutes(5));
		assertThat(limit()).isEqualTo(20);
	}

	@Test
	void aServiceThatIsColdNeedsNoTimer() {
		this.fixture.hit(1).pass(Duration.ofMinutes(1));
		assertThat(limit()).isOne();
		assertThat(this.fixture.time.scheduled()).isZero();
	}

	@Test
	void whatItLearnedOfItsLimitStaysKnown() {
		this.fixture.hit(1);
		((PoolLease<String, String>) this.fixture.leases(6).get(5)).endRefused();
		assertThat(limit()).isEqualTo(5);
		this.fixture.pass(Duration.ofSeconds(1));
		this.fixture.snapshot();
		assertThat(limit()).isEqualTo(5);
	}

	@Test
	void thoseWhoWillFitInAfterTheFirstResponseAreNoLoad() {
		Lease<String, String> first = this.fixture.lease();
		double load = this.fixture.load();
		for (int i = 0; i < 19; i++) {
			this.fixture.ask();
		}
		assertThat(this.fixture.load()).isEqualTo(load);
		first.recordResponse();
		this.fixture.settle();
		assertThat(this.fixture.total()).isOne();
		assertThat(this.fixture.snapshot().waiting()).isZero();
	}

	@Test
	void thoseWhoWillNotFitInAreLoadAtOnce() {
		this.fixture.lease();
		for (int i = 0; i < 24; i++) {
			this.fixture.ask();
		}
		this.fixture.settle();
		assertThat(this.fixture.total()).isEqualTo(2);
	}

	@Test
	void aFirstResponseThatTakesLongDoesNotKeepOthersWaiting() {
		this.fixture.lease();
		List<Waiter<String, String>> waiting = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			waiting.add(this.fixture.ask());
		}
		this.fixture.after(Duration.ofMillis(499));
		assertThat(waiting).noneMatch(Waiter::isSettled);
		this.fixture.after(Duration.ofMillis(1));
		assertThat(waiting).allMatch(Waiter::isSettled);
		assertThat(this.fixture.total()).as("nor does the pool grow for it").isOne();
	}

	@Test
	void norDoesThatOfAServiceThatIsMadeMeanwhile() {
		this.fixture.lease();
		for (int i = 0; i < 30; i++) {
			this.fixture.ask();
		}
		this.fixture.settle();
		assertThat(this.fixture.total()).isEqualTo(2);
		assertThat(this.fixture.snapshot().waiting()).isEqualTo(29);
		this.fixture.after(Duration.ofMillis(500));
		assertThat(this.fixture.snapshot().waiting()).isZero();
	}

	@Test
	void aFailureStartsTheWaitAnew() {
		Lease<String, String> first = this.fixture.lease();
		List<Waiter<String, String>> waiting = List.of(this.fixture.ask(), this.fixture.ask());
		this.fixture.after(Duration.ofMillis(400));
		first.fail(new Exception("refused"));
		assertThat(waiting.get(0).isSettled()).isTrue();
		this.fixture.after(Duration.ofMillis(400));
		assertThat(waiting.get(1).isSettled()).isFalse();
		this.fixture.after(Duration.ofMillis(100));
		assertThat(waiting.get(1).isSettled()).isTrue();
	}

	@Test
	void servicesThatAreColdDoNotKeepOthersFromBeingRemoved() {
		this.fixture.hit(1).scaleUp(2);
		this.fixture.pass(Duration.ofMinutes(1));
		this.fixture.hit(1000).pass(Duration.ofSeconds(30)).hit(1000);
		assertThat(this.fixture.total()).isOne();
	}

	@Test
	void servicesAreNeverColdUnlessAskedFor() {
		PoolFixture never = PoolFixture.of((pool) -> pool.maxConcurrency(20)).started();
		never.leases(20);
		never.miss();
	}

	private int limit() {
		return this.fixture.snapshot().services().get(0).limit().orElseThrow();
	}

}
