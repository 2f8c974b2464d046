package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Pool;
import dev.servicepool.Readiness;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that services are created, polled and closed outside the lock, even if the
 * executor runs its tasks immediately. Another thread can use the pool meanwhile.
 */
class NothingUnderTheLockTests {

	private final FakeServices services = new FakeServices().polled();

	private final DefaultPool<String, String> pool = (DefaultPool<String, String>) Pool.builder()
		.maxServices(1)
		.executor(Runnable::run)
		.build(this.services);

	private final List<String> called = new ArrayList<>();

	@Test
	void servicesAreCreatedOutsideTheLock() {
		this.services.creations(FakeServices.takes(() -> usePoolOnAnotherThread("created")));
		this.pool.start();
		assertThat(this.called).containsExactly("created");
	}

	@Test
	void servicesArePolledForWaitersOutsideTheLock() {
		this.pool.start();
		FakeService service = this.services.get(0);
		service.readiness = Readiness.PENDING;
		Waiter<String, String> waiter = this.pool.acquirer().acquire(true);
		service.duringPoll = () -> usePoolOnAnotherThread("polled");
		service.becomeReady();
		assertThat(this.called).containsExactly("polled");
		assertThat(waiter.isSettled()).isTrue();
	}

	@Test
	void servicesAreClosedOutsideTheLock() throws Exception {
		this.services.each((service) -> service.whenClosed = () -> usePoolOnAnotherThread("closed"));
		this.pool.start();
		this.pool.drain(Duration.ZERO);
		assertThat(this.called).containsExactly("closed");
	}

	private void usePoolOnAnotherThread(String operation) {
		try {
			CompletableFuture.runAsync(this.pool::snapshot).get(5, TimeUnit.SECONDS);
			this.called.add(operation);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
