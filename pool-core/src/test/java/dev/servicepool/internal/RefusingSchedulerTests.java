package dev.servicepool.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

import dev.servicepool.NoServiceException;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.ServiceFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A scheduler that rejects all tasks, because it was shut down before the pool was
 * closed.
 */
@Timeout(30)
class RefusingSchedulerTests {

	@Test
	void callerIsServedWhenSchedulerRejectsTask() throws Exception {
		try (LogRecords log = new LogRecords(); Pool<String, String> pool = builder().build(new FakeServices())) {
			assertThat(pool.call("hello")).isEqualTo("service-1: hello");
			assertThat(log.messages())
				.contains("WARNING Pool 'pool': scheduler rejected a task; using the shared scheduler");
			assertThat(log.thrown().get(0)).hasMessage("shut down");
		}
	}

	@Test
	void createTimeoutElapsesWhenSchedulerRejectsTask() {
		ServiceFactory<String, String> hanging = (target) -> {
			new CountDownLatch(1).await();
			return null;
		};
		try (LogRecords log = new LogRecords();
				Pool<String, String> pool = builder().createTimeout(Duration.ofMillis(1)).build(hanging)) {
			assertThatExceptionOfType(NoServiceException.class).isThrownBy(pool::acquire)
				.withCauseInstanceOf(TimeoutException.class);
			assertThat(log.messages()).isNotEmpty();
		}
	}

	private PoolBuilder builder() {
		return Pool.builder().scheduler((task, delay) -> {
			throw new RejectedExecutionException("shut down");
		});
	}

}
