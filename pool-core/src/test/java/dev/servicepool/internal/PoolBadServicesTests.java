package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

import dev.servicepool.NoServiceException;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for factories and services that fail.
 */
@Timeout(30)
class PoolBadServicesTests {

	@Test
	void creationIsRetriedWhenFactoryReturnsNull() {
		PoolFixture fixture = PoolFixture.of(new FakeServices().creations(FakeServices.returnsNull()), (pool) -> pool);
		Waiter<String, String> caller = fixture.started().ask();
		assertThatExceptionOfType(NoServiceException.class).isThrownBy(() -> fixture.lease(caller))
			.withStackTraceContaining("ServiceFactory.create must return a service but returned null");
		assertThat(fixture.snapshot().totals().creations().failed()).isOne();
		assertThat(fixture.after(Duration.ofSeconds(1)).total()).isOne();
	}

	@Test
	void creationIsRetriedWhenFactoryThrows() {
		IOException failure = new IOException("no route");
		PoolFixture fixture = PoolFixture.of(new FakeServices().creations(FakeServices.fails(failure)), (pool) -> pool);
		Waiter<String, String> caller = fixture.started().ask();
		assertThatExceptionOfType(NoServiceException.class).isThrownBy(() -> fixture.lease(caller))
			.withMessageContaining("no route")
			.withCause(failure);
		assertThat(fixture.snapshot().totals().creations().failed()).isOne();
		assertThat(fixture.after(Duration.ofSeconds(1)).total()).isOne();
	}

	@Test
	void creationIsRetriedWhenFactoryThrowsError() {
		PoolFixture fixture = PoolFixture.of(new FakeServices().creations((service) -> {
			throw new NoClassDefFoundError("driver");
		}), (pool) -> pool).started();
		assertThat(fixture.count(Type.CREATION_FAILED)).isOne();
		assertThat(fixture.after(Duration.ofSeconds(1)).total()).isOne();
	}

	@Test
	void lateServiceIsClosedAndNotUsed() {
		PoolFixture[] late = new PoolFixture[1];
		PoolFixture fixture = PoolFixture.of(
				new FakeServices().creations(FakeServices.takes(() -> late[0].time.advance(Duration.ofSeconds(11)))),
				(pool) -> pool.createTimeout(Duration.ofSeconds(10)));
		late[0] = fixture;
		fixture.started();
		assertThat(fixture.services.get(0).closes).isOne();
		assertThat(fixture.snapshot().totals().creations().discardedLate()).isOne();
		assertThat(fixture.decisions()).contains(Type.CREATION_FAILED);
		assertThat(Thread.currentThread().isInterrupted()).as("interrupted after the creation").isFalse();
		fixture.after(Duration.ofSeconds(1));
		assertThat(fixture.lease().service()).isSameAs(fixture.services.get(1));
	}

	@Test
	void hangingFactoryIsInterruptedAndCallersAreRejected() throws Exception {
		CountDownLatch interrupted = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		try (Pool<String, String> pool = Pool.builder()
			.createTimeout(Duration.ofMillis(20))
			.backoff(Duration.ofMinutes(1))
			.maxBackoff(Duration.ofMinutes(1))
			.build((target) -> {
				try {
					never.await();
				}
				catch (InterruptedException ex) {
					interrupted.countDown();
				}
				throw new IOException("interrupted");
			})) {
			assertThatExceptionOfType(NoServiceException.class).isThrownBy(pool::acquire)
				.havingCause()
				.isInstanceOf(TimeoutException.class)
				.withMessageContaining("took longer than createTimeout (0.02s)");
			assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void exceptionOfCallIsPropagatedAndServiceStays() {
		IOException failure = new IOException("bad response");
		Pool<String, String> pool = throwingFromCall(failure);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> pool.call("a")).isSameAs(failure);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> pool.call("b")).isSameAs(failure);
		PoolSnapshot snapshot = pool.snapshot();
		assertThat(snapshot.totals().calls().failed()).isEqualTo(2);
		assertThat(snapshot.load().inFlight()).isZero();
		assertThat(snapshot.totals().creations().created()).isOne();
		assertThat(snapshot.totals().creations().evicted()).isZero();
		pool.close();
	}

	@Test
	void permitIsReleasedWhenCallThrowsError() {
		Pool<String, String> pool = throwingFromCall(new StackOverflowError());
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> pool.call("a"));
		assertThat(pool.snapshot().totals().calls().failed()).isOne();
		assertThat(pool.snapshot().load().inFlight()).isZero();
		pool.close();
	}

	@Test
	void failureOfServiceCloseIsLogged() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool).started();
		fixture.services.get(0).closeFailure = new IOException("already closed");
		try (LogRecords log = new LogRecords()) {
			fixture.pool.drain(Duration.ZERO);
			fixture.settle();
			assertThat(log.messages()).containsExactly("WARNING Pool 'test': closing service 1 failed");
		}
		assertThat(fixture.services.get(0).closes).isOne();
		assertThat(fixture.snapshot().size().retired()).isZero();
		assertThat(fixture.snapshot().totals().creations().drained()).isOne();
	}

	@Test
	void hangingCloseKeepsSlotForCloseTimeoutOnly() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.closeTimeout(Duration.ofSeconds(5))).started();
		fixture.pool.drain(Duration.ZERO);
		assertThat(fixture.snapshot().size().retired()).as("services whose close does not return").isOne();
		fixture.time.advance(Duration.ofSeconds(5));
		assertThat(fixture.snapshot().size().retired()).isZero();
		assertThat(fixture.events).last().satisfies((event) -> {
			assertThat(event.type()).isEqualTo(Type.DRAINED);
			assertThat(event.message()).isEqualTo("close did not return within 5s (closeTimeout)");
		});
	}

	@Test
	void warningIsLoggedOnceWhenPoolCannotScaleUp() {
		assertThat(warnings((pool) -> pool.minServices(2))).singleElement()
			.asString()
			.isEqualTo(
					"WARNING Pool 'test': cannot scale up: its services are always ready because maxConcurrency is unlimited"
							+ " and they do not override pollReady. Set maxConcurrency to the number of concurrent requests that"
							+ " one service can process, or set maxServices to minServices.");
	}

	@Test
	void noWarningIsLoggedWhenScalingIsPossibleOrUnneeded() {
		assertThat(warnings((pool) -> pool.maxConcurrency(1))).isEmpty();
		assertThat(warnings((pool) -> pool.minServices(2).maxServices(2))).isEmpty();
		assertThat(warnings(new FakeServices().polled(), (pool) -> pool)).isEmpty();
	}

	private static List<String> warnings(UnaryOperator<PoolBuilder> options) {
		return warnings(new FakeServices(), options);
	}

	private static List<String> warnings(FakeServices services, UnaryOperator<PoolBuilder> options) {
		try (LogRecords log = new LogRecords()) {
			PoolFixture.of(services, options).started();
			return log.messages();
		}
	}

	private static Pool<String, String> throwingFromCall(Throwable failure) {
		return Pool.builder().build((target) -> (request) -> {
			if (failure instanceof Exception ex) {
				throw ex;
			}
			throw (Error) failure;
		});
	}

}
