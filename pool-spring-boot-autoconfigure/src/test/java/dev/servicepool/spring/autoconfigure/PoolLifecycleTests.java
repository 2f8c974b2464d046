package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import dev.servicepool.Lease;
import dev.servicepool.NoServiceException;
import dev.servicepool.Pool;
import dev.servicepool.PoolClosedException;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PoolLifecycle}.
 */
class PoolLifecycleTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class))
		.withPropertyValues("pool.min-services=2")
		.withUserConfiguration(Factory.class);

	@Test
	void startsBeforeAndStopsAfterWebServer() {
		assertThat(PoolLifecycle.PHASE).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE)
			.isLessThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
	}

	@Test
	void drainsOnStopAndCreatesServicesOnRestart() {
		this.runner.run((context) -> {
			Pool<?, ?> pool = context.getBean(Pool.class);
			for (int round = 1; round <= 3; round++) {
				await().until(() -> pool.snapshot().size().ready() == 2);
				assertThat(context.getBean(PoolLifecycle.class).isRunning()).isTrue();
				context.stop();
				assertThat(context.getBean(PoolLifecycle.class).isRunning()).isFalse();
				assertThat(pool.snapshot().size().live()).isZero();
				assertThat(pool.snapshot().totals().creations().drained()).isEqualTo(2 * round);
				context.start();
			}
		});
	}

	@Test
	void drainingEndsAfterCloseTimeout() {
		this.runner.withPropertyValues("pool.close-timeout=1ms").run((context) -> {
			Pool<?, ?> pool = context.getBean(Pool.class);
			Lease<?, ?> lease = pool.acquire(Duration.ofSeconds(10));
			context.stop();
			assertThat(pool.snapshot().size().retired()).isOne();
			lease.succeed();
			await().until(() -> pool.snapshot().size().retired() == 0);
		});
	}

	@Test
	void keepsInterruptStatusWhenInterruptedWhileDraining() {
		this.runner.withPropertyValues("pool.close-timeout=10s").run((context) -> {
			Pool<?, ?> pool = context.getBean(Pool.class);
			Lease<?, ?> lease = pool.acquire(Duration.ofSeconds(10));
			Thread.currentThread().interrupt();
			try {
				context.getBean(PoolLifecycle.class).stop();
			}
			finally {
				assertThat(Thread.interrupted()).isTrue();
				lease.close();
			}
		});
	}

	@Test
	void poolIsUsableBeforeStartAndAfterStop() {
		this.runner.withPropertyValues("pool.eager=false").run((context) -> {
			@SuppressWarnings("unchecked")
			Pool<String, Integer> pool = context.getBean(Pool.class);
			assertThat(pool.call("four")).isEqualTo(4);
			context.stop();
			assertThat(pool.call("four")).isEqualTo(4);
		});
	}

	@Test
	void closesPoolsWithContext() {
		Pool<?, ?>[] pool = new Pool<?, ?>[1];
		this.runner.run((context) -> pool[0] = context.getBean(Pool.class));
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool[0].acquire());
		assertThat(pool[0].snapshot().size().live()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void startsWhenServicesCannotBeCreated(CreationFailure failure) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class))
			.withPropertyValues("pool.create-timeout=" + failure.createTimeout, "pool.backoff=1m",
					"pool.max-backoff=1m")
			.withBean("model", ServiceFactory.class, () -> failure.factory)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThatExceptionOfType(NoServiceException.class)
					.isThrownBy(() -> context.getBean(Pool.class).acquire())
					.withMessageStartingWith("Pool 'model': no service is available")
					.withMessageContaining(failure.reason);
			});
	}

	/**
	 * Failure of a service factory, with the reason in the exception.
	 */
	private enum CreationFailure {

		RETURNS_NULL("10s", (target) -> null, "ServiceFactory.create must return a service but returned null"),

		THROWS("10s", (target) -> {
			throw new IOException("no route");
		}, "no route"),

		HANGS("20ms", (target) -> {
			new CountDownLatch(1).await();
			throw new IllegalStateException("cannot be reached");
		}, "took longer than createTimeout (0.02s)");

		private final String createTimeout;

		private final ServiceFactory<String, Integer> factory;

		private final String reason;

		CreationFailure(String createTimeout, ServiceFactory<String, Integer> factory, String reason) {
			this.createTimeout = createTimeout;
			this.factory = factory;
			this.reason = reason;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Factory {

		@Bean
		ServiceFactory<String, Integer> lengths() {
			return (target) -> Service.of(String::length);
		}

	}

}
