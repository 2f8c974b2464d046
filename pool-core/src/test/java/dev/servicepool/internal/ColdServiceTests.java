package dev.servicepool.internal;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for cold services. A service whose requests share a connection is cold until its
 * first response, and again after a period without traffic. A cold service serves one
 * concurrent request until it responds. If that takes far longer than connections usually
 * do, the service is assumed to be warm.
 */
class ColdServiceTests {

	private static final Duration COLD_AFTER = Duration.ofSeconds(10);

	private final FakeServices services = new FakeServices().each((service) -> service.sharesConnection = true);

	private final PoolFixture fixture = PoolFixture
		.of(this.services, (pool) -> pool.maxConcurrency(20).coldAfter(COLD_AFTER).idleTimeout(Duration.ZERO))
		.started();

	@Test
	void newServiceServesOneRequestUntilFirstResponse() {
		Lease<String, String> first = this.fixture.lease();
		assertThat(limit()).isOne();
		this.fixture.miss();
		first.recordResponse();
		assertThat(limit()).isEqualTo(20);
		this.fixture.leases(19);
		this.fixture.miss();
	}

	@Test
	void connectedServiceIsNotColdWhenItJoins() {
		FakeServices connected = new FakeServices().each((service) -> {
			service.sharesConnection = true;
			service.connected = true;
		});
		PoolFixture fixture = PoolFixture
			.of(connected,
					(pool) -> pool.maxConcurrency(20)
						.coldAfter(COLD_AFTER)
						.failureClassifier((failure) -> Outcome.CONNECTION_LOST))
			.started();
		List<Lease<String, String>> leases = fixture.leases(20);
		assertThat(limit(fixture)).isEqualTo(20);
		leases.forEach((lease) -> lease.fail(new IOException("reset")));
		assertThat(limit(fixture)).as("after a lost connection").isOne();
	}

	@Test
	void unusedConnectedServiceStaysWarmForColdAfter() {
		FakeServices connected = new FakeServices().each((service) -> {
			service.sharesConnection = true;
			service.connected = true;
		});
		PoolFixture fixture = PoolFixture.of(connected,
				(pool) -> pool.minServices(2).maxConcurrency(20).coldAfter(COLD_AFTER).idleTimeout(Duration.ZERO));
		fixture.time.advance(Duration.ofMinutes(1));
		fixture.started().hit(1).pass(Duration.ofSeconds(9));
		assertThat(limits(fixture)).containsExactly(20, 20);
		fixture.pass(Duration.ofSeconds(7));
		assertThat(limits(fixture)).containsExactly(1, 1);
	}

	@Test
	void waitersAreServedWhenFirstResponseBegins() {
		Lease<String, String> first = this.fixture.lease();
		List<Waiter<String, String>> waiting = List.of(this.fixture.ask(), this.fixture.ask());
		first.recordResponse();
		assertThat(waiting).allMatch(Waiter::isSettled);
		assertThat(this.fixture.snapshot().load().inFlight()).isEqualTo(3);
	}

	@Test
	void successWithoutRecordedResponseWarmsUpService() {
		this.fixture.lease().succeed();
		assertThat(limit()).isEqualTo(20);
	}

	@Test
	void failureDoesNotWarmUpService() {
		this.fixture.lease().fail(new Exception("refused"));
		assertThat(limit()).isOne();
		this.fixture.lease().close();
		this.fixture.lease().returnUnsent();
		assertThat(limit()).isOne();
	}

	@Test
	void serviceWithoutTrafficBecomesColdAgain() {
		this.fixture.hit(1);
		this.fixture.pass(Duration.ofSeconds(9));
		assertThat(limit()).as("still warm").isEqualTo(20);
		this.fixture.pass(Duration.ofSeconds(7));
		assertThat(limit()).isOne();
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.miss();
		lease.recordResponse();
		assertThat(limit()).isEqualTo(20);
	}

	@Test
	void trafficKeepsServiceWarm() {
		this.fixture.hit(1);
		for (int i = 0; i < 10; i++) {
			this.fixture.pass(Duration.ofSeconds(7)).hit(1);
			assertThat(limit()).isEqualTo(20);
		}
	}

	@Test
	void requestInFlightKeepsServiceWarm() {
		Lease<String, String> lease = this.fixture.lease();
		lease.recordResponse();
		this.fixture.pass(Duration.ofMinutes(5));
		assertThat(limit()).isEqualTo(20);
	}

	@Test
	void coldServiceNeedsNoTimer() {
		this.fixture.hit(1).pass(Duration.ofMinutes(1));
		assertThat(limit()).isOne();
		assertThat(this.fixture.time.scheduled()).isZero();
	}

	@Test
	void learnedLimitIsKept() {
		this.fixture.hit(1);
		((PoolLease<String, String>) this.fixture.leases(6).get(5)).endRefused();
		assertThat(limit()).isEqualTo(5);
		this.fixture.pass(Duration.ofSeconds(1));
		this.fixture.snapshot();
		assertThat(limit()).isEqualTo(5);
	}

	@Test
	void waitersThatFitAfterFirstResponseAddNoLoad() {
		Lease<String, String> first = this.fixture.lease();
		double load = this.fixture.load();
		for (int i = 0; i < 19; i++) {
			this.fixture.ask();
		}
		assertThat(this.fixture.load()).isEqualTo(load);
		first.recordResponse();
		this.fixture.settle();
		assertThat(this.fixture.total()).isOne();
		assertThat(this.fixture.snapshot().load().waiting()).isZero();
	}

	@Test
	void waitersThatDoNotFitAddLoadImmediately() {
		this.fixture.lease();
		for (int i = 0; i < 24; i++) {
			this.fixture.ask();
		}
		this.fixture.settle();
		assertThat(this.fixture.total()).isEqualTo(2);
	}

	@Test
	void slowFirstResponseDoesNotBlockOtherCallers() {
		this.fixture.lease();
		List<Waiter<String, String>> waiting = waiters(6);
		this.fixture.after(Duration.ofMillis(499));
		assertThat(waiting).noneMatch(Waiter::isSettled);
		this.fixture.after(Duration.ofMillis(1));
		assertThat(waiting).allMatch(Waiter::isSettled);
		assertThat(this.fixture.total()).as("the pool does not scale up").isOne();
	}

	@Test
	void slowFirstResponseOfNewServiceDoesNotBlockCallers() {
		this.fixture.lease();
		waiters(30);
		this.fixture.settle();
		assertThat(this.fixture.total()).isEqualTo(2);
		assertThat(this.fixture.snapshot().load().waiting()).isEqualTo(29);
		this.fixture.after(Duration.ofMillis(500));
		assertThat(this.fixture.snapshot().load().waiting()).isZero();
	}

	@Test
	void failureRestartsWaitForConnection() {
		Lease<String, String> first = this.fixture.lease();
		List<Waiter<String, String>> waiting = waiters(2);
		this.fixture.after(Duration.ofMillis(400));
		first.fail(new Exception("refused"));
		assertThat(waiting.get(0).isSettled()).isTrue();
		this.fixture.after(Duration.ofMillis(400));
		assertThat(waiting.get(1).isSettled()).isFalse();
		this.fixture.after(Duration.ofMillis(100));
		assertThat(waiting.get(1).isSettled()).isTrue();
	}

	@Test
	void waitLastsTwiceAsLongAsLastConnectionTook() {
		respondAfter(Duration.ofMillis(290));
		respondAfter(Duration.ofMillis(200));
		assertServedAfter(Duration.ofMillis(180));
	}

	@Test
	void slowResponseIsNoSlowConnection() {
		respondAfter(Duration.ofSeconds(2));
		assertServedAfter(Duration.ofMillis(500));
	}

	@Test
	void waitHasMinimum() {
		respondAfter(Duration.ofMillis(20));
		respondAfter(Duration.ofMillis(20));
		assertServedAfter(Duration.ofMillis(100));
	}

	@Test
	void waitHasMaximum() {
		respondAfter(Duration.ofSeconds(5));
		respondAfter(Duration.ofMillis(200));
		assertServedAfter(Duration.ofMillis(500));
	}

	@Test
	void newServiceWaitsAsOtherServiceOfTargetDid() {
		respondAfter(Duration.ofMillis(290));
		respondAfter(Duration.ofMillis(200));
		this.fixture.scaleUp(2);
		this.fixture.pass(Duration.ofMinutes(1));
		this.fixture.leases(2);
		List<Waiter<String, String>> waiting = waiters(6);
		this.fixture.after(Duration.ofMillis(179));
		assertThat(waiting).noneMatch(Waiter::isSettled);
		this.fixture.after(Duration.ofMillis(1));
		assertThat(waiting).allMatch(Waiter::isSettled);
	}

	@Test
	void waitIsLongestWhileOtherServiceIsWarm() {
		respondAfter(Duration.ofMillis(290));
		respondAfter(Duration.ofMillis(200));
		this.fixture.scaleUp(2);
		this.fixture.leases(21);
		List<Waiter<String, String>> waiting = waiters(6);
		this.fixture.after(Duration.ofMillis(499));
		assertThat(waiting).noneMatch(Waiter::isSettled);
		this.fixture.after(Duration.ofMillis(1));
		assertThat(waiting).allMatch(Waiter::isSettled);
	}

	@Test
	void errorWarmsUpServiceOfOnlyTarget() {
		respondWithError(this.fixture.lease());
		assertThat(limit()).isEqualTo(20);
	}

	@Test
	void errorWarmsUpNoServiceWhileOtherTargetConnects() {
		PoolFixture fixture = twoTargets();
		Lease<String, String> connecting = fixture.lease();
		for (int i = 0; i < 10; i++) {
			Lease<String, String> failing = fixture.lease();
			fixture.miss();
			respondWithError(failing);
			assertThat(limits(fixture)).containsExactly(1, 1);
		}
		connecting.recordResponse();
		Lease<String, String> failing = fixture.pool.tryAcquire((target) -> !target.equals(connecting.target()));
		respondWithError(failing);
		assertThat(limits(fixture)).containsExactly(20, 20);
	}

	@Test
	void errorsOfAllTargetsWarmUpServices() {
		PoolFixture fixture = twoTargets();
		List<Lease<String, String>> first = fixture.leases(2);
		first.forEach(ColdServiceTests::respondWithError);
		assertThat(limits(fixture)).containsExactlyInAnyOrder(1, 20);
		fixture.leases(21).forEach(ColdServiceTests::respondWithError);
		assertThat(limits(fixture)).containsExactly(20, 20);
	}

	@Test
	void serviceOnProbationKeepsNoOtherServiceCold() {
		PoolFixture fixture = twoTargets();
		for (int i = 0; i < 5; i++) {
			lease(fixture, "a").fail(new IOException("down"));
			lease(fixture, "b").succeed();
		}
		assertThat(fixture.state("a")).isEqualTo(State.EJECTED);
		fixture.after(Duration.ofSeconds(10));
		lease(fixture, "a");
		lease(fixture, "b").fail(new SocketException("reset"));
		assertThat(limits(fixture)).containsExactly(1, 1);
		respondWithError(lease(fixture, "b"));
		assertThat(limits(fixture)).containsExactlyInAnyOrder(1, 20);
	}

	@Test
	void serviceWithSeveralConnectionsIsNeverCold() {
		PoolFixture unshared = PoolFixture.of((pool) -> pool.maxConcurrency(20).coldAfter(COLD_AFTER)).started();
		unshared.leases(20);
		unshared.miss();
	}

	@Test
	void serviceIsAskedAgainAfterFirstResponse() {
		this.fixture.lease().succeed();
		this.fixture.pass(COLD_AFTER.multipliedBy(2));
		assertThat(limit()).isOne();
		this.services.created.get(0).sharesConnection = false;
		this.fixture.lease().succeed();
		this.fixture.pass(COLD_AFTER.multipliedBy(2));
		assertThat(limit()).isEqualTo(20);
	}

	@Test
	void coldServicesDoNotPreventRemoval() {
		this.fixture.hit(1).scaleUp(2);
		this.fixture.pass(Duration.ofMinutes(1));
		this.fixture.hit(1000).pass(Duration.ofSeconds(30)).hit(1000);
		assertThat(this.fixture.total()).isOne();
	}

	@Test
	void servicesAreNeverColdByDefault() {
		PoolFixture neverCold = PoolFixture.of((pool) -> pool.maxConcurrency(20)).started();
		neverCold.leases(20);
		neverCold.miss();
	}

	private static PoolFixture twoTargets() {
		FakeServices services = new FakeServices().each((service) -> service.sharesConnection = true);
		return PoolFixture
			.of(services,
					(pool) -> pool.targets(Target.of("a"), Target.of("b"))
						.maxServices(2)
						.maxConcurrency(20)
						.coldAfter(COLD_AFTER)
						.failureClassifier((failure) -> (failure instanceof SocketException) ? Outcome.CONNECTION_LOST
								: Outcome.SERVER_ERROR))
			.started();
	}

	private static Lease<String, String> lease(PoolFixture fixture, String target) {
		Lease<String, String> lease = fixture.pool.tryAcquire(Target.of(target)::equals);
		assertThat(lease).isNotNull();
		return lease;
	}

	private static void respondWithError(Lease<String, String> lease) {
		lease.recordErrorResponse();
		lease.succeed();
	}

	private static List<Integer> limits(PoolFixture fixture) {
		return fixture.snapshot().services().stream().map((service) -> service.load().limit().orElseThrow()).toList();
	}

	private int limit() {
		return limit(this.fixture);
	}

	private static int limit(PoolFixture fixture) {
		return fixture.snapshot().services().get(0).load().limit().orElseThrow();
	}

	private void respondAfter(Duration latency) {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(latency);
		lease.succeed();
	}

	/** Let the service become cold, and check how long callers wait. */
	private void assertServedAfter(Duration connectTime) {
		this.fixture.pass(Duration.ofMinutes(1));
		this.fixture.lease();
		List<Waiter<String, String>> waiting = waiters(6);
		this.fixture.after(connectTime.minusMillis(1));
		assertThat(waiting).noneMatch(Waiter::isSettled);
		this.fixture.after(Duration.ofMillis(1));
		assertThat(waiting).allMatch(Waiter::isSettled);
	}

	private List<Waiter<String, String>> waiters(int count) {
		List<Waiter<String, String>> waiting = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			waiting.add(this.fixture.ask());
		}
		return waiting;
	}

}
