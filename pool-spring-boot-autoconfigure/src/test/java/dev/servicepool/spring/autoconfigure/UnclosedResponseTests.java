package dev.servicepool.spring.autoconfigure;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Pool;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.PoolLog;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests that pools reveal code that does not close a response.
 */
@Timeout(60)
class UnclosedResponseTests {

	@AutoClose
	private final Server server = Server.responding("body");

	private final ApplicationContextRunner runner = Applications.pooled(this.server.uri(),
			"pool.instances.orders.max-services=1", "pool.instances.orders.max-concurrency=1",
			"pool.instances.orders.acquire-timeout=50ms");

	@Test
	void timeoutExceptionNamesRequestOfOldestLease() {
		this.runner.run((context) -> {
			awaitService(context);
			RestClient client = context.getBean(RestClient.Builder.class).build();
			try (ConvertibleClientHttpResponse forgotten = forget(client)) {
				assertThat(forgotten.getStatusCode().is2xxSuccessful()).isTrue();
				assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(client))
					.havingRootCause()
					.isInstanceOf(AcquireTimeoutException.class)
					.withMessageContaining("; longest active lease: acquired ")
					.withMessageEndingWith(" by thread '" + Thread.currentThread().getName() + "' for GET "
							+ this.server.uri() + "/orders/1");
			}
			assertThat(get(client)).as("after the response is closed").isEqualTo("body");
		});
	}

	@Test
	void logNamesCodeThatDidNotCloseResponse() {
		this.runner.withPropertyValues("pool.instances.orders.leak-detection-threshold=100ms").run((context) -> {
			awaitService(context);
			try (PoolLog log = new PoolLog()) {
				ConvertibleClientHttpResponse forgotten = forget(Applications.client(context));
				await().until(() -> log.text().contains("possible lease leak: "));
				assertThat(log.text())
					.contains("Pool 'orders': possible lease leak: lease of service 1 for " + this.server.uri())
					.contains("for GET " + this.server.uri() + "/orders/1. End the lease")
					.contains("at " + UnclosedResponseTests.class.getName() + ".forget");
				forgotten.close();
				await().until(() -> log.text().contains("possible lease leak resolved: "));
				assertThat(context.getBean(Pool.class).snapshot().load().inFlight()).isZero();
			}
		});
	}

	private static void awaitService(ApplicationContext context) {
		await().until(() -> context.getBean(Pool.class).snapshot().size().ready() == 1);
	}

	private ConvertibleClientHttpResponse forget(RestClient client) {
		return client.get()
			.uri(this.server.uri() + "/orders/1?token=secret")
			.exchangeForRequiredValue((request, response) -> response, false);
	}

	private String get(RestClient client) {
		return client.get().uri(this.server.uri() + "/orders/2").retrieve().body(String.class);
	}

}
