package dev.servicepool;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Requests that take up more of their service than one place.
 */
class OccupiedServiceTests {

	private final PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(20).maxServices(2)).started();

	@Test
	void aRequestTakesAsManyPlacesAsItsShareUntilItEnds() {
		Lease<String, String> lease = this.fixture.lease();
		lease.occupy(0.5);
		assertThat(limit(0)).as("9 of 20 are taken beside its own").isEqualTo(11);
		assertThat(this.fixture.snapshot().inFlight()).isOne();
		lease.succeed();
		assertThat(limit(0)).isEqualTo(20);
	}

	@Test
	void twoHalvesLeaveNoPlace() {
		List<Lease<String, String>> leases = this.fixture.leases(2);
		leases.forEach((lease) -> lease.occupy(0.5));
		this.fixture.miss();
		leases.get(0).succeed();
		assertThat(this.fixture.leases(10)).hasSize(10);
		this.fixture.miss();
	}

	@Test
	void whoeverFindsNoPlaceThenIsLoad() {
		this.fixture.leases(2).forEach((lease) -> lease.occupy(0.5));
		this.fixture.miss(6).settle();
		assertThat(this.fixture.total()).isEqualTo(2);
		this.fixture.leases(20);
		assertThat(inFlight(0)).isEqualTo(2);
		assertThat(inFlight(1)).isEqualTo(20);
	}

	@Test
	void thoseWhoWaitGetThePlacesThatBecomeFree() {
		List<Lease<String, String>> leases = this.fixture.leases(2);
		leases.forEach((lease) -> lease.occupy(0.5));
		List<Waiter<String, String>> waiters = List.of(this.fixture.ask(), this.fixture.ask());
		assertThat(waiters).noneMatch(Waiter::isSettled);
		leases.get(1).succeed();
		assertThat(waiters).allMatch(Waiter::isSettled);
	}

	@Test
	void oneRequestAtATimeIsTheLeast() {
		List<Lease<String, String>> leases = this.fixture.leases(3);
		leases.forEach((lease) -> lease.occupy(1));
		assertThat(limit(0)).isOne();
		leases.forEach(Lease::succeed);
		assertThat(limit(0)).isEqualTo(20);
	}

	@Test
	void onlyTheFirstCallCountsAndNoneAfterTheEnd() {
		Lease<String, String> lease = this.fixture.lease();
		lease.occupy(0.25);
		lease.occupy(1);
		assertThat(limit(0)).isEqualTo(16);
		lease.succeed();
		lease.occupy(1);
		assertThat(limit(0)).isEqualTo(20);
	}

	@Test
	void aShareOfOnePlaceOrLessChangesNothing() {
		this.fixture.lease().occupy(0.05);
		this.fixture.lease().occupy(0);
		assertThat(limit(0)).isEqualTo(20);
	}

	@Test
	void aLimitThatIsLearnedMeanwhileStays() {
		List<Lease<String, String>> leases = this.fixture.leases(11);
		leases.get(0).occupy(0.5);
		((PoolLease<String, String>) leases.get(10)).endRefused();
		assertThat(limit(0)).as("10 less 9").isOne();
		leases.get(0).succeed();
		assertThat(limit(0)).isEqualTo(10);
	}

	@Test
	void withoutALimitThereIsNoShare() {
		PoolFixture unlimited = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		unlimited.lease().occupy(1);
		assertThat(unlimited.leases(100)).hasSize(100);
	}

	@ParameterizedTest
	@ValueSource(doubles = { -0.1, 1.1, Double.NaN })
	void aShareIsFromZeroToOne(double share) {
		Lease<String, String> lease = this.fixture.lease();
		assertThatIllegalArgumentException().isThrownBy(() -> lease.occupy(share))
			.withMessage("share is " + share + ", but must be from 0 to 1");
	}

	private int limit(int service) {
		return this.fixture.snapshot().services().get(service).limit().orElseThrow();
	}

	private int inFlight(int service) {
		return this.fixture.snapshot().services().get(service).inFlight();
	}

}
