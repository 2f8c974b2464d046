package dev.servicepool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who holds a lease for too long can be found out.
 */
class ActiveLeaseTests {

	private final LogRecords log = new LogRecords();

	@AfterEach
	void closeLog() {
		this.log.close();
	}

	@Test
	void aTimeoutNamesTheLeaseHeldTheLongest() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).maxConcurrency(2).trackLeases(true))
			.started();
		Lease<String, String> ended = fixture.lease();
		fixture.time.advance(Duration.ofSeconds(5));
		fixture.lease().describeUse("GET http://orders/1");
		ended.close();
		fixture.time.advance(Duration.ofSeconds(1));
		fixture.lease().describeUse("GET http://orders/2");
		assertThat(timeout(fixture)).endsWith("; the lease held the longest was taken 1s ago by thread '"
				+ Thread.currentThread().getName() + "' for GET http://orders/1");
	}

	@Test
	void aTimeoutNamesNoneIfLeasesAreNotTracked() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).maxConcurrency(1)).started();
		fixture.lease().describeUse("GET http://orders/1");
		assertThat(timeout(fixture)).endsWith("0 waiting)");
	}

	@Test
	void whatAUseSaysOfItselfCanFail() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).maxConcurrency(1).trackLeases(true))
			.started();
		fixture.lease().describeUse(new Object() {
			@Override
			public String toString() {
				throw new IllegalStateException("no words");
			}
		});
		assertThat(timeout(fixture)).contains(" for " + ActiveLeaseTests.class.getName());
	}

	@Test
	void aLeaseHeldForTooLongIsToldOnceWithWhereItWasTaken() {
		PoolFixture fixture = leakDetecting();
		fixture.lease().succeed();
		fixture.lease().describeUse("GET http://orders/1");
		fixture.pass(Duration.ofSeconds(19));
		assertThat(this.log.messages()).isEmpty();
		fixture.pass(Duration.ofMinutes(5));
		assertThat(this.log.messages()).singleElement()
			.asString()
			.startsWith("WARNING Pool 'test': a lease of service 1 for test may never end, it was taken 2")
			.contains("by thread '" + Thread.currentThread().getName() + "' for GET http://orders/1")
			.endsWith("leakDetectionThreshold, which is 20s");
		assertThat(this.log.thrown()).singleElement()
			.satisfies((acquired) -> assertThat(acquired.getStackTrace())
				.anyMatch((frame) -> frame.getClassName().equals(ActiveLeaseTests.class.getName())));
		assertThat(fixture.events).filteredOn((event) -> event.type() == Type.LEAK_SUSPECTED)
			.singleElement()
			.satisfies((event) -> assertThat(event.service()).isOne());
	}

	@Test
	void aLeaseThatEndsAfterAllIsToldAsWell() {
		PoolFixture fixture = leakDetecting();
		Lease<String, String> lease = fixture.lease();
		fixture.pass(Duration.ofSeconds(30));
		lease.succeed();
		assertThat(this.log.messages()).hasSize(2);
		assertThat(this.log.messages().get(1))
			.startsWith("INFO Pool 'test': a lease of service 1 for test has ended after all, it was taken 30s ago");
	}

	@Test
	void eachOfManyIsToldInTheLogAndAllByOneEntryOfTheSnapshot() {
		PoolFixture fixture = leakDetecting();
		fixture.leases(3);
		fixture.pass(Duration.ofSeconds(30));
		assertThat(this.log.messages()).hasSize(3);
		assertThat(fixture.snapshot().events()).filteredOn((event) -> event.type() == Type.LEAK_SUSPECTED)
			.singleElement()
			.satisfies((event) -> assertThat(event.count()).isEqualTo(3));
	}

	@Test
	void leasesOfAServiceThatDrainsAreToldToo() {
		PoolFixture fixture = leakDetecting();
		fixture.lease();
		fixture.engine().retarget(List.of(Target.of("other")));
		fixture.pass(Duration.ofSeconds(30));
		assertThat(this.log.messages()).hasSize(1);
	}

	@Test
	void endingInAnyOrderLeavesNothingBehind() {
		PoolFixture fixture = leakDetecting();
		List<Lease<String, String>> leases = fixture.leases(5);
		for (int index : new int[] { 2, 0, 4, 1, 3 }) {
			leases.get(index).close();
		}
		fixture.pass(Duration.ofMinutes(1));
		assertThat(this.log.messages()).isEmpty();
	}

	private static PoolFixture leakDetecting() {
		return PoolFixture.of((pool) -> pool.maxConcurrency(10).leakDetectionThreshold(Duration.ofSeconds(20)))
			.started();
	}

	private static String timeout(PoolFixture fixture) {
		Waiter<String, String> waiter = fixture.ask();
		fixture.engine().giveUp(waiter);
		List<Throwable> thrown = new ArrayList<>();
		assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> fixture.lease(waiter))
			.satisfies(thrown::add);
		return thrown.get(0).getMessage();
	}

}
