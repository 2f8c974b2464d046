package dev.servicepool.internal;

import java.util.List;

import dev.servicepool.Lease;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for requests that occupy more than one permit.
 */
class OccupiedServiceTests {

	private final PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(20).maxServices(2)).started();

	@Test
	void requestOccupiesPermitsOfItsShareUntilItEnds() {
		Lease<String, String> lease = this.fixture.lease();
		lease.occupy(0.5);
		assertThat(limit(0)).as("9 of 20 permits are occupied in addition to its own").isEqualTo(11);
		assertThat(this.fixture.snapshot().load().inFlight()).isOne();
		lease.succeed();
		assertThat(limit(0)).isEqualTo(20);
	}

	@Test
	void twoRequestsOfHalfShareOccupyAllPermits() {
		List<Lease<String, String>> leases = this.fixture.leases(2);
		leases.forEach((lease) -> lease.occupy(0.5));
		this.fixture.miss();
		leases.get(0).succeed();
		assertThat(this.fixture.leases(10)).hasSize(10);
		this.fixture.miss();
	}

	@Test
	void callersWithoutPermitAddLoad() {
		this.fixture.leases(2).forEach((lease) -> lease.occupy(0.5));
		this.fixture.miss(6).settle();
		assertThat(this.fixture.total()).isEqualTo(2);
		this.fixture.leases(20);
		assertThat(inFlight(0)).isEqualTo(2);
		assertThat(inFlight(1)).isEqualTo(20);
	}

	@Test
	void waitersReceivePermitsThatBecomeFree() {
		List<Lease<String, String>> leases = this.fixture.leases(2);
		leases.forEach((lease) -> lease.occupy(0.5));
		List<Waiter<String, String>> waiters = List.of(this.fixture.ask(), this.fixture.ask());
		assertThat(waiters).noneMatch(Waiter::isSettled);
		leases.get(1).succeed();
		assertThat(waiters).allMatch(Waiter::isSettled);
	}

	@Test
	void limitIsNeverBelowOne() {
		List<Lease<String, String>> leases = this.fixture.leases(3);
		leases.forEach((lease) -> lease.occupy(1));
		assertThat(limit(0)).isOne();
		leases.forEach(Lease::succeed);
		assertThat(limit(0)).isEqualTo(20);
	}

	@Test
	void onlyFirstShareBeforeEndCounts() {
		Lease<String, String> lease = this.fixture.lease();
		lease.occupy(0.25);
		lease.occupy(1);
		assertThat(limit(0)).isEqualTo(16);
		lease.succeed();
		lease.occupy(1);
		assertThat(limit(0)).isEqualTo(20);
	}

	@Test
	void shareOfOnePermitOrLessChangesNothing() {
		this.fixture.lease().occupy(0.05);
		this.fixture.lease().occupy(0);
		assertThat(limit(0)).isEqualTo(20);
	}

	@Test
	void limitLearnedMeanwhileIsKept() {
		List<Lease<String, String>> leases = this.fixture.leases(11);
		leases.get(0).occupy(0.5);
		((PoolLease<String, String>) leases.get(10)).endRefused();
		assertThat(limit(0)).as("limit of 10 minus 9 occupied permits").isOne();
		leases.get(0).succeed();
		assertThat(limit(0)).isEqualTo(10);
	}

	@Test
	void shareIsIgnoredWithoutLimit() {
		PoolFixture unlimited = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		unlimited.lease().occupy(1);
		assertThat(unlimited.leases(100)).hasSize(100);
	}

	@ParameterizedTest
	@ValueSource(doubles = { -0.1, 1.1, Double.NaN })
	void shareOutsideZeroToOneIsRejected(double share) {
		Lease<String, String> lease = this.fixture.lease();
		assertThatIllegalArgumentException().isThrownBy(() -> lease.occupy(share))
			.withMessage("share must be from 0 to 1 but was " + share);
	}

	private int limit(int service) {
		return this.fixture.snapshot().services().get(service).load().limit().orElseThrow();
	}

	private int inFlight(int service) {
		return this.fixture.snapshot().services().get(service).load().inFlight();
	}

}
