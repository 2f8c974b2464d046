package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.PoolBuilderCustomizer;
import dev.servicepool.spring.http.FailedResponseException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

import static dev.servicepool.spring.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests with two servers, one of which fails or requests a pause.
 */
@Timeout(60)
class FailingServerTests {

	private static final int CALLS = 100;

	private final AtomicInteger status = new AtomicInteger(200);

	private volatile boolean retryAfter;

	private volatile Handler behavior = this::respond;

	@AutoClose
	private final Server good = Server.responding("ok");

	@AutoClose
	private final Server other = Server.http1().start((request, response) -> this.behavior.handle(request, response));

	private final ApplicationContextRunner runner = Applications.plain()
		.withUserConfiguration(Client.class)
		.withPropertyValues("pool.outlier-detection.base-ejection-time=2s", "pool.instances.orders.url=http://orders",
				"pool.instances.orders.targets=" + this.good.uri() + "," + this.other.uri());

	private void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (this.retryAfter) {
			response.setHeader("Retry-After", "1");
		}
		Handler.respond(request, response, this.status.get(), "");
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 502, 503, 504 })
	void serverThatRespondsWithErrorsReceivesFewRequests(int error) {
		run(this.runner, (context) -> {
			this.status.set(error);
			await().until(() -> call(context).isError());
			assertThat(calls(context)).as("failed calls").isLessThanOrEqualTo(10);
		});
	}

	@Test
	void configuredClientErrorIsServiceFailure() {
		run(this.runner.withPropertyValues("pool.load-metric=constant",
				"pool.instances.orders.failure-statuses=401,500"), (context) -> {
					this.status.set(401);
					await().until(() -> call(context).isError());
					calls(context);
					assertThat(snapshot(context).totals().ejections()).isPositive();
					assertThat(snapshot(context).totals().calls().failed()).isPositive();
				});
	}

	@Test
	void clientErrorCountsAsSucceededCall() {
		run(this.runner.withPropertyValues("pool.load-metric=constant"), (context) -> {
			this.status.set(404);
			assertThat(calls(context)).isPositive();
			assertThat(snapshot(context).totals().calls().failed()).isZero();
			assertThat(snapshot(context).totals().calls().ignored()).isZero();
		});
	}

	@Test
	@Tag("slow")
	void serverReceivesRequestsAgainAfterRecovery() {
		run(this.runner.withPropertyValues("pool.outlier-detection.base-ejection-time=300ms"), (context) -> {
			this.status.set(500);
			calls(context);
			this.status.set(200);
			long before = this.other.count();
			await().pollInterval(Duration.ofMillis(5)).until(() -> {
				assertThat(call(context).isError()).isFalse();
				return this.other.count() > before + 10;
			});
		});
	}

	@Test
	@Tag("slow")
	void serverThatFailsConcurrentCallsIsEjectedUntilItRecovers() {
		run(this.runner, (context) -> {
			this.status.set(500);
			Callable<Boolean> call = () -> call(context).isError();
			ExecutorService callers = Executors.newFixedThreadPool(20);
			try {
				await().until(() -> {
					callers.invokeAll(Collections.nCopies(20, call));
					return snapshot(context).totals().ejections() > 0;
				});
			}
			finally {
				callers.shutdownNow();
			}
			assertThat(state(context)).isEqualTo(PoolSnapshot.ServiceSnapshot.State.EJECTED);
			assertThat(calls(context)).isZero();
			this.status.set(200);
			await().until(() -> {
				call(context);
				return state(context) == PoolSnapshot.ServiceSnapshot.State.READY;
			});
		});
	}

	@Test
	@Tag("slow")
	void serverThatBreaksOffConcurrentResponsesIsEjected() {
		run(this.runner, (context) -> {
			long before = this.other.count();
			this.behavior = (request, response) -> breakOff(response);
			ExecutorService callers = Executors.newFixedThreadPool(20);
			try {
				for (int caller = 0; caller < 20; caller++) {
					callers.submit(() -> callUntilEjection(context));
				}
				await().until(() -> snapshot(context).totals().ejections() > 0);
			}
			finally {
				callers.shutdownNow();
			}
			assertThat(state(context)).isEqualTo(PoolSnapshot.ServiceSnapshot.State.EJECTED);
			assertThat(this.other.count() - before).as("requests to the server").isLessThan(60);
		});
	}

	/** Break off a response after 20 ms, so that other requests are in flight. */
	private static void breakOff(HttpServletResponse response) throws IOException {
		try {
			Thread.sleep(20);
		}
		catch (InterruptedException ex) {
			throw new InterruptedIOException();
		}
		response.setContentLength(100);
		response.getOutputStream().write(new byte[10]);
		Handler.abort(response);
	}

	private static void callUntilEjection(ApplicationContext context) {
		while (snapshot(context).totals().ejections() == 0) {
			try {
				context.getBean(RestClient.class).get().uri("http://orders/").retrieve().body(String.class);
			}
			catch (RestClientException ex) {
				assertThat(ex).hasCauseInstanceOf(IOException.class);
			}
		}
	}

	@Test
	void requestsMoveToOtherServerWhenOneIsUnreachable() {
		run(this.runner.withPropertyValues("pool.load-metric=constant"), (context) -> {
			this.other.stop();
			assertThat(calls(context)).isZero();
			assertThat(this.good.count()).isGreaterThanOrEqualTo(CALLS);
			assertThat(snapshot(context).totals().calls().unsent()).isPositive();
			assertThat(snapshot(context).totals().calls().failed()).isZero();
		});
	}

	@ParameterizedTest
	@CsvSource({ "400, max-services=2", "404, max-services=2", "429, max-services=2", "501, max-services=2",
			"500, failure-statuses=502" })
	void otherStatusesAreNoServiceFailures(int responseStatus, String property) {
		run(this.runner.withPropertyValues("pool.load-metric=constant", "pool.instances.orders." + property),
				(context) -> {
					this.status.set(responseStatus);
					assertThat(calls(context)).as("failed calls, about half of all calls").isGreaterThan(CALLS / 4);
					assertThat(snapshot(context).totals().ejections()).isZero();
				});
	}

	@Test
	void applicationDefinesServiceFailures() {
		PoolBuilderCustomizer none = (builder, pool) -> {
			assertThat(pool).isEqualTo("orders");
			builder.failureWhen((cause) -> !(cause instanceof FailedResponseException response)
					|| response.status() != this.status.get());
		};
		ApplicationContextRunner runner = this.runner.withPropertyValues("pool.load-metric=constant")
			.withBean(PoolBuilderCustomizer.class, () -> none);
		run(runner, (context) -> {
			this.status.set(500);
			assertThat(calls(context)).isGreaterThan(CALLS / 4);
			assertThat(snapshot(context).totals().ejections()).isZero();
		});
	}

	@ParameterizedTest
	@CsvSource({ "503, max-services=2", "429, 'retry-after-statuses=429,503'" })
	void serverThatRespondsWithRetryAfterIsPaused(int responseStatus, String property) {
		run(this.runner.withPropertyValues("pool.load-metric=constant", "pool.instances.orders." + property),
				(context) -> {
					this.retryAfter = true;
					this.status.set(responseStatus);
					await().until(() -> call(context).value() == responseStatus);
					assertThat(state(context)).isEqualTo(PoolSnapshot.ServiceSnapshot.State.PAUSED);
					this.status.set(200);
					long before = this.other.count();
					assertThat(calls(context)).isZero();
					assertThat(snapshot(context).totals().ejections()).isZero();
					assertThat(snapshot(context).size().live()).as("no additional services").isEqualTo(2);
					await().until(() -> state(context) == PoolSnapshot.ServiceSnapshot.State.READY);
					await().until(() -> {
						calls(context);
						return this.other.count() > before;
					});
				});
	}

	@Test
	void onlyServerIsNotPaused() {
		this.runner.withPropertyValues("pool.instances.orders.targets=" + this.other.uri()).run((context) -> {
			this.retryAfter = true;
			this.status.set(503);
			assertThat(call(context).value()).isEqualTo(503);
			this.status.set(200);
			assertThat(call(context).value()).isEqualTo(200);
			assertThat(state(context)).isEqualTo(PoolSnapshot.ServiceSnapshot.State.READY);
		});
	}

	@ParameterizedTest
	@CsvSource({ "failure-statuses, 302, each status must be from 400 to 599",
			"retry-after-statuses, 200, each status must be from 400 to 599" })
	void invalidStatusFailsStartup(String property, String value, String remedy) {
		this.runner.withPropertyValues("pool.instances.orders." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PoolConfigurationException.class)
				.hasMessageContaining("'pool.instances.orders." + property + "' contains " + value)
				.hasMessageContaining(remedy));
	}

	@Test
	void interruptedCallerIsNoServiceFailure() {
		run(this.runner, (context) -> {
			RestClient broken = context.getBean(RestClient.Builder.class).requestInterceptor((request, body, next) -> {
				Thread.currentThread().interrupt();
				return next.execute(request, body);
			}).build();
			for (int i = 0; i < 20; i++) {
				assertThatExceptionOfType(ResourceAccessException.class)
					.isThrownBy(() -> broken.get().uri("http://orders/").retrieve().toBodilessEntity());
				assertThat(Thread.interrupted()).isTrue();
			}
			assertThat(snapshot(context).totals().ejections()).isZero();
			assertThat(snapshot(context).totals().calls().failed()).isZero();
		});
	}

	private interface Scenario {

		void with(ApplicationContext context) throws Exception;

	}

	private static void run(ApplicationContextRunner runner, Scenario scenario) {
		runner.run((context) -> {
			await().until(() -> snapshot(context).size().ready() == 2);
			while (snapshot(context).services().stream().anyMatch((service) -> service.totals().calls() == 0)) {
				call(context);
			}
			scenario.with(context);
		});
	}

	/**
	 * Send sequential calls and return the number of error responses.
	 */
	private static int calls(ApplicationContext context) {
		int errors = 0;
		for (int call = 0; call < CALLS; call++) {
			errors += call(context).isError() ? 1 : 0;
		}
		return errors;
	}

	private static HttpStatusCode call(ApplicationContext context) {
		try {
			return context.getBean(RestClient.class)
				.get()
				.uri(URI.create("http://orders/"))
				.retrieve()
				.toBodilessEntity()
				.getStatusCode();
		}
		catch (RestClientResponseException ex) {
			return ex.getStatusCode();
		}
	}

	private PoolSnapshot.ServiceSnapshot.State state(ApplicationContext context) {
		return snapshot(context).services()
			.stream()
			.filter((service) -> service.target().equals(this.other.uri().toString()))
			.findFirst()
			.orElseThrow()
			.state();
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	@Configuration(proxyBeanMethods = false)
	static class Client {

		@Bean
		RestClient client(RestClient.Builder builder) {
			return builder.build();
		}

	}

}
