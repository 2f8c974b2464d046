package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the detection of leases that stay active for too long.
 */
class ActiveLeaseTests {

	private final LogRecords log = new LogRecords();

	@AfterEach
	void closeLog() {
		this.log.close();
	}

	@Test
	void timeoutNamesOldestActiveLease() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).maxConcurrency(2).trackLeases(true))
			.started();
		Lease<String, String> ended = fixture.lease();
		fixture.time.advance(Duration.ofSeconds(5));
		fixture.lease().describeUse("GET http://orders/1");
		ended.close();
		fixture.time.advance(Duration.ofSeconds(1));
		fixture.lease().describeUse("GET http://orders/2");
		assertThat(timeout(fixture)).endsWith("; longest active lease: acquired 1s ago by thread '"
				+ Thread.currentThread().getName() + "' for GET http://orders/1");
	}

	@Test
	void timeoutNamesNoLeaseWhenLeasesAreNotTracked() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).maxConcurrency(1)).started();
		fixture.lease().describeUse("GET http://orders/1");
		assertThat(timeout(fixture)).endsWith("0 waiting)");
	}

	@Test
	void timeoutNamesClassOfUseWhenToStringFails() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).maxConcurrency(1).trackLeases(true))
			.started();
		fixture.lease().describeUse(new Object() {
			@Override
			public String toString() {
				throw new IllegalStateException("toString failed");
			}
		});
		assertThat(timeout(fixture)).contains(" for " + ActiveLeaseTests.class.getName());
	}

	@Test
	void overdueLeaseIsReportedOnceWithStackTrace() {
		PoolFixture fixture = leakDetecting();
		fixture.lease().succeed();
		fixture.lease().describeUse("GET http://orders/1");
		fixture.pass(Duration.ofSeconds(19));
		assertThat(this.log.messages()).isEmpty();
		fixture.pass(Duration.ofMinutes(5));
		assertThat(this.log.messages()).singleElement()
			.asString()
			.startsWith("WARNING Pool 'test': possible lease leak: lease of service 1 for test was acquired 2")
			.contains("by thread '" + Thread.currentThread().getName() + "' for GET http://orders/1")
			.endsWith("leakDetectionThreshold (20s).");
		assertThat(this.log.thrown()).singleElement()
			.satisfies((acquired) -> assertThat(acquired.getStackTrace())
				.anyMatch((frame) -> frame.getClassName().equals(ActiveLeaseTests.class.getName())));
		assertThat(fixture.events).filteredOn((event) -> event.type() == Type.LEAK_SUSPECTED)
			.singleElement()
			.satisfies((event) -> assertThat(event.service()).isOne());
	}

	@Test
	void overdueLeaseIsReportedAgainWhenItEnds() {
		PoolFixture fixture = leakDetecting();
		Lease<String, String> lease = fixture.lease();
		fixture.pass(Duration.ofSeconds(30));
		lease.succeed();
		assertThat(this.log.messages()).hasSize(2);
		assertThat(this.log.messages().get(1)).startsWith(
				"INFO Pool 'test': possible lease leak resolved: lease of service 1 for test has ended, it was acquired"
						+ " 30s ago");
	}

	@Test
	void overdueLeasesAreLoggedSeparatelyAndShareOneEvent() {
		PoolFixture fixture = leakDetecting();
		fixture.leases(3);
		fixture.pass(Duration.ofSeconds(30));
		assertThat(this.log.messages()).hasSize(3);
		assertThat(fixture.snapshot().events().latest())
			.filteredOn((last) -> last.event().type() == Type.LEAK_SUSPECTED)
			.singleElement()
			.satisfies((last) -> assertThat(last.count()).isEqualTo(3));
	}

	@Test
	void overdueLeaseOfDrainingServiceIsReported() {
		PoolFixture fixture = leakDetecting();
		fixture.lease();
		fixture.pool.retarget(List.of(Target.of("other")));
		fixture.pass(Duration.ofSeconds(30));
		assertThat(this.log.messages()).hasSize(1);
	}

	@Test
	void endedLeasesAreNotReportedWhateverTheirOrder() {
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
		fixture.acquirer().giveUp(waiter);
		List<Throwable> thrown = new ArrayList<>();
		assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> fixture.lease(waiter))
			.satisfies(thrown::add);
		return thrown.get(0).getMessage();
	}

}
