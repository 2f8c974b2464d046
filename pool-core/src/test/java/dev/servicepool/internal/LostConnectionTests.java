package dev.servicepool.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Requests whose connection is lost, and requests that are sent again through another
 * service.
 */
class LostConnectionTests {

	private static final IOException LOST = new IOException("Connection reset");

	private static final IOException UNREACHABLE = new ConnectException("Connection refused");

	private final PoolFixture fixture = fixture(10);

	private static PoolFixture fixture(int retriesPerSecond) {
		return PoolFixture
			.of((pool) -> pool.targets(Target.of("a"), Target.of("b"))
				.minServices(2)
				.maxConcurrency(20)
				.loadMetric(LoadMetric.constant())
				.idleTimeout(Duration.ZERO)
				.failureClassifier(LostConnectionTests::classify)
				.retryBudgetPerSecond(retriesPerSecond))
			.started();
	}

	private static Outcome classify(Throwable failure) {
		return (failure == LOST) ? Outcome.CONNECTION_LOST
				: (failure == UNREACHABLE) ? Outcome.NOT_SENT : Outcome.SERVER_ERROR;
	}

	@Test
	void requestsOfOneLostConnectionDoNotEjectService() {
		List<Lease<String, String>> leases = leasesOf("a", 20);
		this.fixture.after(Duration.ofMillis(1));
		leases.forEach((lease) -> lease.fail(LOST));
		assertThat(this.fixture.state("a")).isEqualTo(State.READY);
		assertThat(this.fixture.snapshot().totals().calls().failed()).isEqualTo(20);
	}

	@Test
	void serviceThatRespondsBetweenLossesIsNotEjected() {
		for (int i = 0; i < 50; i++) {
			this.fixture.after(Duration.ofMillis(1));
			leasesOf("a", 1).get(0).fail(LOST);
			this.fixture.after(Duration.ofMillis(1));
			leasesOf("a", 1).get(0).succeed();
		}
		assertThat(this.fixture.state("a")).isEqualTo(State.READY);
	}

	@Test
	void serviceThatLosesEachConnectionIsEjected() {
		for (int i = 0; i < 6; i++) {
			assertThat(this.fixture.state("a")).as("after %d losses", i).isEqualTo(State.READY);
			this.fixture.after(Duration.ofMillis(1));
			leasesOf("a", 1).get(0).fail(LOST);
			leasesOf("b", 1).get(0).succeed();
		}
		assertThat(this.fixture.state("a")).isEqualTo(State.EJECTED);
	}

	@Test
	void serviceThatBreaksOffEachResponseIsEjected() {
		for (int i = 0; i < 6; i++) {
			assertThat(this.fixture.state("a")).as("after %d losses", i).isEqualTo(State.READY);
			this.fixture.after(Duration.ofMillis(1));
			loseResponse(leasesOf("a", 1).get(0));
			leasesOf("b", 1).get(0).succeed();
		}
		assertThat(this.fixture.state("a")).isEqualTo(State.EJECTED);
	}

	@Test
	void serviceThatCompletesResponsesBetweenLossesIsNotEjected() {
		for (int i = 0; i < 50; i++) {
			this.fixture.after(Duration.ofMillis(1));
			loseResponse(leasesOf("a", 1).get(0));
			this.fixture.after(Duration.ofMillis(1));
			leasesOf("a", 1).get(0).succeed();
		}
		assertThat(this.fixture.state("a")).isEqualTo(State.READY);
	}

	@Test
	void serviceThatBreaksOffConcurrentResponsesIsEjected() {
		Deque<Lease<String, String>> inFlight = new ArrayDeque<>(leasesOf("a", 10));
		for (int i = 0; i < 15; i++) {
			assertThat(this.fixture.state("a")).as("after %d losses", i).isEqualTo(State.READY);
			this.fixture.after(Duration.ofMillis(1));
			inFlight.add(leasesOf("a", 1).get(0));
			loseResponse(inFlight.remove());
			leasesOf("b", 1).get(0).succeed();
		}
		assertThat(this.fixture.state("a")).isEqualTo(State.EJECTED);
	}

	private static void loseResponse(Lease<String, String> lease) {
		lease.recordResponse();
		lease.fail(LOST);
	}

	@Test
	void repeatedRequestPrefersOtherTarget() throws InterruptedException {
		for (int i = 0; i < 50; i++) {
			Lease<String, String> lease = this.fixture.lease();
			Lease<String, String> other = repeat(lease, LOST);
			assertThat(other).isNotNull();
			assertThat(other.target()).isNotEqualTo(lease.target());
			other.succeed();
		}
		assertThat(this.fixture.snapshot().totals().calls().succeeded()).isEqualTo(50);
		assertThat(this.fixture.snapshot().totals().calls().unknown()).isEqualTo(50);
		assertThat(this.fixture.snapshot().totals().calls().failed()).isZero();
	}

	@Test
	void repeatedRequestWaitsForOtherTargetWhileOthersAreServed() throws Exception {
		Lease<String, String> lost = leasesOf("a", 1).get(0);
		List<Lease<String, String>> busy = leasesOf("b", 20);
		this.fixture.after(Duration.ofMillis(1));
		FutureTask<Lease<String, String>> repeated = new FutureTask<>(() -> repeat(lost, LOST));
		new Thread(repeated).start();
		Await.until(() -> this.fixture.pool.snapshot().load().waiting() == 1);
		Lease<String, String> another = this.fixture.lease();
		assertThat(another.target()).as("a new caller may use the other service").isEqualTo(Target.of("a"));
		busy.get(0).succeed();
		assertThat(repeated.get(10, TimeUnit.SECONDS).target()).isEqualTo(Target.of("b"));
	}

	@Test
	void repeatedRequestIgnoresSameTargetWithoutResponse() throws Exception {
		Lease<String, String> lost = leasesOf("a", 1).get(0);
		List<Lease<String, String>> silent = leasesOf("a", 19);
		List<Lease<String, String>> busy = leasesOf("b", 20);
		FutureTask<Lease<String, String>> repeated = new FutureTask<>(() -> repeat(lost, LOST));
		new Thread(repeated).start();
		Await.until(() -> this.fixture.pool.snapshot().load().waiting() == 1);
		this.fixture.lease();
		this.fixture.miss();
		silent.get(0).close();
		assertThat(this.fixture.pool.snapshot().load().waiting()).isOne();
		assertThat(this.fixture.lease().target()).as("a new caller may use the service").isEqualTo(Target.of("a"));
		busy.get(0).close();
		assertThat(repeated.get(10, TimeUnit.SECONDS).target()).isEqualTo(Target.of("b"));
	}

	@Test
	void repeatedRequestUsesSameTargetThatHasResponded() throws Exception {
		Lease<String, String> lost = leasesOf("a", 1).get(0);
		Lease<String, String> other = leasesOf("a", 1).get(0);
		leasesOf("b", 20);
		leasesOf("a", 18);
		this.fixture.after(Duration.ofMillis(1));
		FutureTask<Lease<String, String>> repeated = new FutureTask<>(() -> repeat(lost, LOST));
		new Thread(repeated).start();
		Await.until(() -> this.fixture.pool.snapshot().load().waiting() == 1);
		Lease<String, String> full = this.fixture.lease();
		this.fixture.miss();
		this.fixture.after(Duration.ofMillis(1));
		other.succeed();
		assertThat(repeated.get(10, TimeUnit.SECONDS).target()).isEqualTo(Target.of("a"));
		full.close();
	}

	@Test
	void repeatedRequestUsesOpenServiceOnceItHasResponded() throws Exception {
		Lease<String, String> lost = leasesOf("a", 1).get(0);
		Lease<String, String> other = leasesOf("a", 1).get(0);
		leasesOf("b", 20);
		this.fixture.after(Duration.ofMillis(1));
		FutureTask<Lease<String, String>> repeated = new FutureTask<>(() -> repeat(lost, LOST));
		new Thread(repeated).start();
		Await.until(() -> this.fixture.pool.snapshot().load().waiting() == 1);
		this.fixture.after(Duration.ofMillis(1));
		other.succeed();
		assertThat(repeated.get(10, TimeUnit.SECONDS).target()).isEqualTo(Target.of("a"));
	}

	@Test
	void repeatedRequestUsesOtherServiceOfOnlyTarget() throws InterruptedException {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.minServices(2).maxConcurrency(20).failureClassifier(LostConnectionTests::classify))
			.started()
			.settle();
		Lease<String, String> lease = fixture.lease();
		Lease<String, String> other = lease.awaitOther(LOST, (target) -> false);
		assertThat(other).isNotNull();
		assertThat(other.service()).isNotSameAs(lease.service());
	}

	@Test
	void repeatedRequestIsNoSampleAndRestoresPermit() throws InterruptedException {
		double load = this.fixture.load();
		Lease<String, String> lease = this.fixture.lease();
		double once = this.fixture.load();
		Lease<String, String> other = repeat(lease, UNREACHABLE);
		assertThat(other).isNotNull();
		other.succeed();
		assertThat(once).isLessThan(load);
		assertThat(this.fixture.load()).isEqualTo(once);
		assertThat(this.fixture.snapshot().load().inFlight()).isZero();
		assertThat(this.fixture.snapshot().totals().calls().unsent()).isOne();
	}

	@Test
	void unsentRequestIsNotSentToSameTargetAgain() throws InterruptedException {
		Lease<String, String> lease = this.fixture.lease();
		assertThat(lease.awaitOther(UNREACHABLE, (target) -> false)).isNull();
		assertThat(lease.fail(UNREACHABLE)).as("the lease is still active").isTrue();
		assertThat(this.fixture.snapshot().totals().calls().failed()).isOne();
	}

	@Test
	void budgetLimitsRepetitionsOfSentRequests() throws InterruptedException {
		PoolFixture fixture = fixture(1);
		List<Lease<String, String>> leases = fixture.leases(30);
		int repeated = 0;
		for (Lease<String, String> lease : leases) {
			Lease<String, String> other = repeat(lease, LOST);
			if (other == null) {
				lease.fail(LOST);
			}
			else {
				repeated++;
				other.succeed();
			}
		}
		assertThat(repeated).as("20% of 30 requests, and 10 in 10 s").isEqualTo(16);
		fixture.after(Duration.ofSeconds(11));
		assertThat(repeat(fixture.lease(), LOST)).isNotNull();
	}

	@Test
	void endedLeaseCannotBeRepeated() {
		Lease<String, String> lease = this.fixture.lease();
		lease.succeed();
		assertThatIllegalStateException().isThrownBy(() -> repeat(lease, LOST));
	}

	private static @Nullable Lease<String, String> repeat(Lease<String, String> lease, IOException cause)
			throws InterruptedException {
		return lease.awaitOther(cause, (target) -> !target.equals(lease.target()));
	}

	private List<Lease<String, String>> leasesOf(String target, int count) {
		List<Lease<String, String>> wanted = new ArrayList<>();
		while (wanted.size() < count) {
			Lease<String, String> lease = this.fixture.pool.tryAcquire((each) -> each.name().equals(target));
			assertThat(lease).isNotNull();
			wanted.add(lease);
		}
		return wanted;
	}

}
