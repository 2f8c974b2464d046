package dev.servicepool.compatibility;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.DelayedHandler;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientsProperties;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for requests that are sent a second time, with each HTTP client library.
 */
@Timeout(60)
@Tag("slow")
class HedgeTests {

	private static final int CALLS = 20;

	private final DelayedHandler delayed = new DelayedHandler();

	@AutoClose
	private final Server slow = Server.http1().start(this.delayed);

	@AutoClose
	private final Server fast = Server.http1().start(Handler.responding(200, ""));

	@AfterEach
	void release() {
		this.delayed.release();
	}

	@ParameterizedTest
	@EnumSource(names = { "JDK", "JETTY", "REACTOR" })
	@EnabledForJreRange(min = JRE.JAVA_21)
	void clientEndsAttemptThatLost(ImperativeHttpClientsProperties.Factory library) {
		runner(library).run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).baseUrl("http://orders").build();
			Pool<?, ?> pool = context.getBean(Pool.class);
			await().until(() -> pool.snapshot().size().ready() == 2);
			for (int call = 0; call < CALLS; call++) {
				client.get().uri("/").retrieve().toBodilessEntity();
				assertThat(Thread.currentThread().isInterrupted()).isFalse();
			}
			await().until(() -> pool.snapshot().load().inFlight() == 0);
			PoolSnapshot.Totals totals = pool.snapshot().totals();
			assertThat(totals.retries().hedgesWon()).isPositive();
			assertThat(totals.calls().succeeded()).isEqualTo(CALLS);
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "HTTP_COMPONENTS", "SIMPLE" })
	void clientThatIgnoresInterruptsIsRejected(ImperativeHttpClientsProperties.Factory library) {
		runner(library).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("it requires an HTTP client that ends a request when its thread is interrupted"));
	}

	private ApplicationContextRunner runner(ImperativeHttpClientsProperties.Factory library) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.imperative.factory=" + library, "pool.hedge.delay=50ms",
					"pool.load-metric=constant", "pool.instances.orders.url=http://orders",
					"pool.instances.orders.targets=" + this.slow.uri() + "," + this.fast.uri());
	}

}
