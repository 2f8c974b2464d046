package dev.servicepool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No service and no factory is called under the lock, not even where the executor runs
 * its tasks at once: another thread can use the pool meanwhile.
 */
class NothingUnderTheLockTests {

	private final FakeServices services = new FakeServices().polled();

	private final DefaultPool<String, String> pool = (DefaultPool<String, String>) Pool.builder()
		.maxServices(1)
		.executor(Runnable::run)
		.build(this.services);

	private final List<String> called = new ArrayList<>();

	@Test
	void servicesAreMade() {
		this.services.creations(FakeServices.takes(() -> useElsewhere("created")));
		this.pool.start();
		assertThat(this.called).containsExactly("created");
	}

	@Test
	void servicesAreAskedForThoseWhoWait() {
		this.pool.start();
		FakeService service = this.services.get(0);
		service.readiness = Readiness.PENDING;
		Waiter<String, String> waiter = this.pool.engine().ask(true);
		service.duringPoll = () -> useElsewhere("asked");
		service.becomeReady();
		assertThat(this.called).containsExactly("asked");
		assertThat(waiter.isSettled()).isTrue();
	}

	@Test
	void servicesAreClosed() throws Exception {
		this.services.each((service) -> service.whenClosed = () -> useElsewhere("closed"));
		this.pool.start();
		this.pool.drain(Duration.ZERO);
		assertThat(this.called).containsExactly("closed");
	}

	private void useElsewhere(String what) {
		try {
			CompletableFuture.runAsync(this.pool::snapshot).get(5, TimeUnit.SECONDS);
			this.called.add(what);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
