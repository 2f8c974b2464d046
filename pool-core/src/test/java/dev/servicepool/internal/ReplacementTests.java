package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Services that do not respond any more, and their replacement.
 */
class ReplacementTests {

	private static final IOException TIMED_OUT = new IOException("timed out");

	private static final IOException LOST = new IOException("connection reset");

	private static final IOException TERMINATED = new IOException("client is terminated");

	private final PoolFixture fixture = fixture((pool) -> pool.maxServices(1));

	private static PoolFixture fixture(UnaryOperator<PoolBuilder> options) {
		return fixture(new FakeServices(), options);
	}

	private static PoolFixture fixture(FakeServices services, UnaryOperator<PoolBuilder> options) {
		return PoolFixture.of(services,
				(pool) -> options.apply(pool.maxConcurrency(20)
					.maxSurge(2)
					.loadMetric(LoadMetric.pendingRequests())
					.idleTimeout(Duration.ZERO)
					.failureClassifier(ReplacementTests::classify)))
			.started();
	}

	private static Outcome classify(Throwable failure) {
		return (failure == TIMED_OUT) ? Outcome.NO_RESPONSE : (failure == TERMINATED) ? Outcome.BROKEN
				: (failure == LOST) ? Outcome.CONNECTION_LOST : Outcome.SERVER_ERROR;
	}

	@Test
	void serviceWithoutResponseIsReplacedWhenSuccessorResponds() {
		timeOut(this.fixture);
		assertThat(ids(this.fixture)).as("the successor is beside the old service").containsExactly(1L, 2L);
		respond(this.fixture);
		assertThat(ids(this.fixture)).containsExactly(2L);
		assertThat(this.fixture.services.get(0).closes).isOne();
		assertThat(retired(this.fixture, Reason.REPLACED))
			.containsExactly("a request received no response, but service 2 responded");
	}

	@Test
	void stallThatEndsWithResponseOfSuccessorReplacesNothing() {
		PoolFixture fixture = fixture((pool) -> pool.minServices(2).maxServices(2));
		List<Lease<String, String>> leases = fixture.leases(4);
		fixture.after(Duration.ofMillis(1));
		leases.subList(0, 2).forEach((lease) -> lease.fail(TIMED_OUT));
		fixture.settle();
		assertThat(ids(fixture)).containsExactly(1L, 2L, 3L);
		respondFrom(fixture, fixture.services.get(2));
		fixture.after(Duration.ofMillis(100)).settle();
		leases.subList(2, 4).forEach(Lease::recordResponse);
		fixture.after(Duration.ofSeconds(1)).settle();
		assertThat(ids(fixture)).containsExactly(1L, 2L);
		assertThat(fixture.snapshot().totals().creations().created()).isEqualTo(3);
	}

	@Test
	void successorReceivesRequestsFirst() {
		timeOut(this.fixture);
		assertThat(this.fixture.leases(20)).extracting(Lease::service).containsOnly(this.fixture.services.get(1));
	}

	@Test
	void successorOfEjectedServiceReceivesOneRequestUntilItResponds() {
		PoolFixture fixture = ejectedFixture();
		Lease<String, String> first = leaseOf(fixture, "a");
		assertThat(first.service()).isSameAs(fixture.services.get(2));
		fixture.after(Duration.ofSeconds(1)).settle();
		assertThat(tryLeaseOf(fixture, "a")).as("while the first request waits").isNull();
		first.recordResponse();
		assertThat(tryLeaseOf(fixture, "a")).isNotNull();
		first.succeed();
		fixture.after(Duration.ofSeconds(1)).settle();
		assertThat(ids(fixture)).containsExactly(2L, 3L);
	}

	@Test
	void failedReplacementsOfEjectedServiceCostOneRequestEach() {
		PoolFixture fixture = ejectedFixture();
		for (int successor = 3; successor < 6; successor++) {
			assertThat(ids(fixture)).contains((long) successor);
			Lease<String, String> first = leaseOf(fixture, "a");
			assertThat(tryLeaseOf(fixture, "a")).isNull();
			fixture.after(Duration.ofMillis(1));
			first.fail(TIMED_OUT);
			fixture.settle();
			assertThat(ids(fixture)).as("the server is in trouble").containsExactly(1L, 2L);
			fixture.after(Duration.ofMillis(500)).settle();
			assertThat(tryLeaseOf(fixture, "a")).isNull();
			while (ids(fixture).size() < 3) {
				fixture.after(Duration.ofMillis(100)).settle();
			}
		}
	}

	@Test
	void readmittedServiceIsTriedBeforeNextReplacement() {
		PoolFixture fixture = ejectedFixture();
		failUntilReadmission(fixture);
		assertThat(ids(fixture)).containsExactly(1L, 2L);
		assertThat(fixture.leases(4)).as("one request of the pool")
			.extracting(Lease::service)
			.contains(fixture.services.get(0));
	}

	@Test
	void requestThatIsOverdueAfterReadmissionLeadsToReplacement() {
		PoolFixture fixture = twoTargets();
		leaseOf(fixture, "a");
		eject(fixture, "a", "b");
		failUntilReadmission(fixture);
		assertThat(tryLeaseOf(fixture, "a")).as("the first request is still in flight").isNull();
		assertThat(ids(fixture)).containsExactly(1L, 2L);
		fixture.pass(Duration.ofSeconds(80));
		assertThat(ids(fixture)).as("after the longest wait between replacements").hasSize(3);
	}

	private static void failUntilReadmission(PoolFixture fixture) {
		while (fixture.snapshot().size().ejected() > 0) {
			Lease<String, String> first = tryLeaseOf(fixture, "a");
			fixture.after(Duration.ofSeconds(1));
			if (first != null) {
				first.fail(TIMED_OUT);
			}
			fixture.settle();
		}
	}

	@Test
	void neitherSuspectServiceNorItsSuccessorIsRemoved() {
		PoolFixture fixture = twoTargets().scaleUp(3);
		assertThat(targets(fixture)).containsExactlyInAnyOrder("a", "a", "b");
		eject(fixture, "b", "a");
		assertThat(targets(fixture)).containsExactlyInAnyOrder("a", "a", "b", "b");
		fixture.pass(Duration.ofSeconds(30));
		while (ids(fixture).size() > 3) {
			for (int i = 0; i < 400; i++) {
				leaseOf(fixture, "a").succeed();
			}
			fixture.after(Duration.ofSeconds(1));
		}
		assertThat(targets(fixture)).containsExactlyInAnyOrder("a", "b", "b");
	}

	/** Create a pool of which the service of the first of two targets is ejected. */
	private static PoolFixture ejectedFixture() {
		PoolFixture fixture = twoTargets();
		eject(fixture, "a", "b");
		return fixture;
	}

	private static PoolFixture twoTargets() {
		return fixture((pool) -> pool.targets(Target.of("a"), Target.of("b"))
			.minServices(2)
			.maxServices(3)
			.outlierDetection((detection) -> detection.baseEjectionTime(Duration.ofMinutes(5))));
	}

	private static void eject(PoolFixture fixture, String failing, String working) {
		List<Lease<String, String>> leases = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			leases.add(leaseOf(fixture, failing));
		}
		fixture.after(Duration.ofMillis(1));
		leases.remove(0).fail(TIMED_OUT);
		leaseOf(fixture, working).succeed();
		leases.forEach((lease) -> lease.fail(TIMED_OUT));
		fixture.settle();
		assertThat(fixture.snapshot().size().ejected()).isOne();
	}

	private static List<String> targets(PoolFixture fixture) {
		return fixture.snapshot().services().stream().map(ServiceSnapshot::target).toList();
	}

	private static Lease<String, String> leaseOf(PoolFixture fixture, String target) {
		Lease<String, String> lease = tryLeaseOf(fixture, target);
		assertThat(lease).isNotNull();
		return lease;
	}

	private static @Nullable Lease<String, String> tryLeaseOf(PoolFixture fixture, String target) {
		return fixture.pool.tryAcquire((each) -> each.name().equals(target));
	}

	@Test
	void serviceThatRespondsAgainIsKept() {
		Lease<String, String> slow = this.fixture.lease();
		timeOut(this.fixture);
		this.fixture.after(Duration.ofMillis(1));
		slow.recordResponse();
		this.fixture.after(Duration.ofSeconds(1)).settle();
		assertThat(ids(this.fixture)).containsExactly(1L);
		assertThat(retired(this.fixture, Reason.REPLACED))
			.containsExactly("not needed, because service 1 can respond again");
	}

	@Test
	void responseAfterStallOfServerClearsAllServices() {
		PoolFixture fixture = fixture((pool) -> pool.minServices(2).maxServices(2));
		List<Lease<String, String>> leases = fixture.leases(4);
		fixture.after(Duration.ofMillis(1));
		leases.subList(0, 2).forEach((lease) -> lease.fail(TIMED_OUT));
		fixture.settle();
		assertThat(ids(fixture)).as("one successor at a time").containsExactly(1L, 2L, 3L);
		fixture.after(Duration.ofMillis(1));
		leases.get(2).recordResponse();
		fixture.after(Duration.ofSeconds(1)).settle();
		assertThat(ids(fixture)).containsExactly(1L, 2L);
		assertThat(retired(fixture, Reason.REPLACED)).hasSize(1).allMatch((text) -> text.startsWith("not needed"));
	}

	@Test
	void responseOfOtherServiceDoesNotExplainEarlierFailure() {
		PoolFixture fixture = fixture((pool) -> pool.minServices(2).maxServices(2));
		List<Lease<String, String>> leases = fixture.leases(2);
		Lease<String, String> dead = leases.get(0);
		fixture.after(Duration.ofMillis(1));
		leases.get(1).succeed();
		fixture.after(Duration.ofMillis(10));
		respondFrom(fixture, leases.get(1).service());
		fixture.after(Duration.ofMillis(1));
		dead.fail(TIMED_OUT);
		fixture.settle();
		List<Lease<String, String>> slow = new ArrayList<>();
		slow.add(leaseOf(fixture, leases.get(1).service()));
		slow.add(leaseOf(fixture, leases.get(1).service()));
		fixture.after(Duration.ofMillis(1));
		slow.get(0).fail(TIMED_OUT);
		fixture.after(Duration.ofMillis(1));
		slow.get(1).recordResponse();
		fixture.after(Duration.ofSeconds(1)).settle();
		assertThat(retired(fixture, Reason.REPLACED)).noneMatch((text) -> text.startsWith("not needed"));
	}

	@Test
	void serviceIsKeptWhenSuccessorReceivesNoResponseEither() {
		timeOut(this.fixture);
		timeOut(this.fixture);
		assertThat(retired(this.fixture, Reason.REPLACED))
			.containsExactly("received no response either, so the server does not respond");
		assertThat(ids(this.fixture)).containsExactly(1L);
		this.fixture.after(Duration.ofMillis(900)).settle();
		assertThat(this.fixture.services.created).as("the next attempt waits").hasSize(2);
		this.fixture.after(Duration.ofMillis(1200)).settle();
		assertThat(this.fixture.services.created).hasSize(3);
	}

	@Test
	void failedReplacementsBecomeRare() {
		for (int second = 0; second < 600; second++) {
			timeOut(this.fixture);
			this.fixture.after(Duration.ofMillis(500)).settle();
		}
		assertThat(this.fixture.services.created.size()).as("services in 15 minutes").isBetween(15, 40);
	}

	@Test
	void failureAfterResponseIsNoEvidence() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofMillis(1));
		this.fixture.lease().succeed();
		lease.fail(TIMED_OUT);
		this.fixture.settle();
		assertThat(ids(this.fixture)).containsExactly(1L);
	}

	@Test
	void lostConnectionExplainsRequestWithoutResponse() {
		PoolFixture fixture = withOneConnectionEach();
		List<Lease<String, String>> leases = fixture.leases(2);
		fixture.after(Duration.ofMillis(1));
		leases.get(1).fail(LOST);
		fixture.after(Duration.ofSeconds(1));
		leases.get(0).fail(TIMED_OUT);
		fixture.settle();
		assertThat(ids(fixture)).containsExactly(1L);
	}

	@Test
	void connectionLostAfterTheEvidenceEndsReplacement() {
		PoolFixture fixture = withOneConnectionEach();
		List<Lease<String, String>> leases = fixture.leases(2);
		fixture.after(Duration.ofMillis(1));
		leases.get(0).fail(TIMED_OUT);
		fixture.settle();
		assertThat(ids(fixture)).containsExactly(1L, 2L);
		leases.get(1).fail(LOST);
		fixture.settle();
		assertThat(ids(fixture)).containsExactly(1L);
		assertThat(retired(fixture, Reason.REPLACED))
			.containsExactly("not needed, because service 1 can respond again");
	}

	@Test
	void oneOfSeveralLostConnectionsExplainsNothing() {
		List<Lease<String, String>> leases = this.fixture.leases(2);
		this.fixture.after(Duration.ofMillis(1));
		leases.get(1).fail(LOST);
		this.fixture.after(Duration.ofSeconds(1));
		leases.get(0).fail(TIMED_OUT);
		this.fixture.settle();
		assertThat(ids(this.fixture)).containsExactly(1L, 2L);
	}

	@Test
	void overdueRequestLeadsToReplacementAndGoesOn() {
		Lease<String, String> overdue = this.fixture.lease();
		this.fixture.pass(Duration.ofSeconds(9));
		assertThat(ids(this.fixture)).containsExactly(1L);
		this.fixture.pass(Duration.ofSeconds(3));
		assertThat(ids(this.fixture)).containsExactly(1L, 2L);
		respond(this.fixture);
		assertThat(retired(this.fixture, Reason.REPLACED)).singleElement()
			.asString()
			.startsWith("no response for 1")
			.endsWith("but service 2 responded");
		assertThat(overdue.succeed()).as("the request was not ended").isTrue();
		this.fixture.settle();
		assertThat(this.fixture.services.get(0).closes).isOne();
	}

	@Test
	void requestOfSlowServiceIsOverdueLater() {
		Lease<String, String> slow = this.fixture.lease();
		this.fixture.pass(Duration.ofSeconds(5));
		slow.succeed();
		this.fixture.lease();
		this.fixture.pass(Duration.ofSeconds(49));
		assertThat(ids(this.fixture)).containsExactly(1L);
		this.fixture.pass(Duration.ofSeconds(4));
		assertThat(ids(this.fixture)).containsExactly(1L, 2L);
	}

	@Test
	void responseThatTakesLongIsNotOverdue() {
		this.fixture.lease().recordResponse();
		this.fixture.pass(Duration.ofMinutes(5));
		assertThat(ids(this.fixture)).containsExactly(1L);
	}

	@Test
	void brokenServiceIsReplacedAfterOneFailure() {
		respond(this.fixture);
		Lease<String, String> other = this.fixture.lease();
		this.fixture.lease().fail(TERMINATED);
		other.fail(TERMINATED);
		this.fixture.settle();
		assertThat(ids(this.fixture)).containsExactly(2L);
		assertThat(retired(this.fixture, Reason.FAILED))
			.containsExactly("broken: java.io.IOException: client is terminated");
	}

	@Test
	void servicesThatAreBrokenAtOnceAreCreatedWithBackoff() {
		for (int attempt = 0; attempt < 20; attempt++) {
			Lease<String, String> lease = this.fixture.pool.tryAcquire();
			if (lease != null) {
				lease.fail(TERMINATED);
			}
			this.fixture.after(Duration.ofMillis(10)).settle();
		}
		assertThat(this.fixture.services.created.size()).as("services in 200 ms").isLessThan(10);
	}

	@Test
	void callerWaitsForShortPauseAfterBrokenServices() {
		breakUntilNoServiceIsLeft();
		Waiter<String, String> waiter = this.fixture.ask();
		assertThat(waiter.isSettled()).isFalse();
		this.fixture.after(Duration.ofSeconds(1));
		assertThat(waiter.granted()).isNotNull();
	}

	@Test
	void callerIsRejectedWhenServicesAreStillBroken() {
		for (int pause = 0; pause < 6; pause++) {
			breakUntilNoServiceIsLeft();
			this.fixture.pass(Duration.ofSeconds(10));
		}
		breakUntilNoServiceIsLeft();
		assertThat(this.fixture.ask().rejection()).isNotNull();
	}

	@Test
	void pauseDoesNotDependOnNumberOfBrokenServices() {
		PoolFixture fixture = fixture((pool) -> pool.minServices(50).maxServices(50));
		List<Lease<String, String>> leases = new ArrayList<>();
		while (leases.stream().map(Lease::service).distinct().count() < 50) {
			leases.add(fixture.lease());
		}
		leases.forEach((lease) -> lease.fail(TERMINATED));
		Waiter<String, String> waiter = fixture.ask();
		fixture.after(Duration.ofMillis(100)).settle();
		assertThat(waiter.granted()).isNotNull();
	}

	@Test
	void serviceIsRetiredFirstWithoutSurge() {
		PoolFixture fixture = fixture((pool) -> pool.maxServices(2).minServices(2).maxSurge(0));
		timeOut(fixture);
		assertThat(fixture.snapshot().size().total()).isEqualTo(2);
		assertThat(ids(fixture)).hasSize(2).contains(3L);
		assertThat(retired(fixture, Reason.FAILED)).containsExactly("a request received no response");
	}

	@Test
	void replacementIsNoSampleAndChangesNoLevel() {
		PoolFixture fixture = fixture((pool) -> pool.maxServices(1));
		fixture.leases(20).forEach((lease) -> lease.fail(TIMED_OUT));
		double load = fixture.load();
		fixture.settle();
		assertThat(ids(fixture)).containsExactly(1L, 2L);
		assertThat(fixture.load()).isEqualTo(load);
	}

	@Test
	void poolReplacesTwoServicesOfDifferentTargetsAtMost() {
		PoolFixture fixture = fixture(
				(pool) -> pool.targets(Target.of("a"), Target.of("b"), Target.of("c")).minServices(6).maxServices(6));
		fixture.after(Duration.ofMillis(1));
		fixture.leases(60).forEach((lease) -> lease.fail(TIMED_OUT));
		fixture.settle();
		assertThat(fixture.snapshot().size().total()).isEqualTo(8);
		assertThat(fixture.services.targets.subList(6, 8)).doesNotHaveDuplicates();
	}

	@Test
	void plannedReplacementDoesNotExceedSurge() {
		PoolFixture fixture = fixture((pool) -> pool.maxServices(1).maxSurge(1).maxRequestsPerService(30));
		timeOut(fixture);
		for (int request = 0; request < 40; request++) {
			fixture.lease().close();
		}
		fixture.settle();
		assertThat(ids(fixture)).as("the successor is worn out, but the surge is used up").containsExactly(1L, 2L);
		respond(fixture);
		fixture.settle();
		assertThat(ids(fixture)).containsExactly(3L);
	}

	@Test
	void serviceThatDrainsForTooLongIsNotPartOfSurge() throws InterruptedException {
		PoolFixture fixture = fixture((pool) -> pool.maxServices(1).maxSurge(1));
		fixture.lease().recordResponse();
		fixture.pool.drain(Duration.ZERO);
		fixture.pool.start();
		fixture.settle().pass(Duration.ofSeconds(31));
		timeOut(fixture);
		assertThat(ids(fixture)).containsExactly(2L, 3L);
	}

	@Test
	void polledServiceIsPolledAfterFailureAndReplaced() {
		PoolFixture fixture = PoolFixture
			.of(new FakeServices().polled(), (pool) -> pool.maxServices(1).maxConcurrency(1))
			.started();
		Lease<String, String> lease = fixture.lease();
		fixture.services.get(0).pollFailure = new IOException("process has ended");
		lease.fail(new IOException("broken pipe"));
		fixture.settle();
		assertThat(ids(fixture)).containsExactly(2L);
		assertThat(fixture.services.get(0).closes).isOne();
	}

	private static PoolFixture withOneConnectionEach() {
		return fixture(new FakeServices().each((service) -> service.sharesConnection = true),
				(pool) -> pool.maxServices(1));
	}

	private void breakUntilNoServiceIsLeft() {
		while (!this.fixture.snapshot().services().isEmpty()) {
			this.fixture.lease().fail(TERMINATED);
			this.fixture.settle();
		}
	}

	private static void timeOut(PoolFixture fixture) {
		Lease<String, String> lease = fixture.lease();
		fixture.after(Duration.ofSeconds(1));
		lease.fail(TIMED_OUT);
		fixture.settle();
	}

	private static void respondFrom(PoolFixture fixture, Service<String, String> service) {
		Lease<String, String> lease = leaseOf(fixture, service);
		fixture.after(Duration.ofMillis(1));
		lease.succeed();
	}

	/** Acquire a lease of a service, and leave other services without a response. */
	private static Lease<String, String> leaseOf(PoolFixture fixture, Service<String, String> service) {
		for (;;) {
			Lease<String, String> lease = fixture.lease();
			if (lease.service() == service) {
				return lease;
			}
			lease.close();
		}
	}

	private static void respond(PoolFixture fixture) {
		Lease<String, String> lease = fixture.lease();
		fixture.after(Duration.ofMillis(1));
		lease.succeed();
		fixture.after(Duration.ofMillis(100)).settle().after(Duration.ofMillis(200)).settle();
	}

	private static List<Long> ids(PoolFixture fixture) {
		return fixture.snapshot()
			.services()
			.stream()
			.filter((service) -> service.state() != ServiceSnapshot.State.DRAINING)
			.map(ServiceSnapshot::id)
			.toList();
	}

	private static List<String> retired(PoolFixture fixture, Reason reason) {
		List<String> messages = new ArrayList<>();
		for (PoolEvent event : fixture.events) {
			if (event.reason() == reason) {
				messages.add(event.message());
			}
		}
		return messages;
	}

}
