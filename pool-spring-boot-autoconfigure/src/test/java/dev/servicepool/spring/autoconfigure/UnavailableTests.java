package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.NoServiceException;
import dev.servicepool.Pool;
import dev.servicepool.PoolClosedException;
import dev.servicepool.PoolException;
import dev.servicepool.PoolOverloadedException;
import dev.servicepool.ServiceFactory;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.http.HttpCall;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static dev.servicepool.spring.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for a web application whose pools have no available service. They cover the
 * exceptions in the application, and the responses to its callers if it handles the
 * exceptions as the documentation shows.
 */
@Timeout(60)
class UnavailableTests {

	@AutoClose
	private static final Server upstream = Server.responding("response");

	private static ConfigurableApplicationContext application;

	/** Active lease on the only service of the pool. */
	private Lease<?, ?> slow;

	private Lease<?, ?> full;

	@BeforeAll
	static void startApplication() throws Exception {
		application = new SpringApplicationBuilder(Application.class).run("--server.port=0",
				"--server.address=127.0.0.1", "--pool.max-services=1", "--pool.max-concurrency=1",
				"--pool.acquire-timeout=50ms", "--pool.backoff=1m", "--pool.max-backoff=1m",
				"--pool.instances.slow.url=http://slow.test", "--pool.instances.slow.targets=" + upstream.uri(),
				"--pool.instances.full.url=http://full.test", "--pool.instances.full.targets=" + upstream.uri(),
				"--pool.instances.full.max-waiting=1", "--pool.instances.full.acquire-timeout=1m",
				"--pool.instances.none.url=http://none.test", "--pool.instances.none.targets=" + upstream.uri(),
				"--pool.instances.closed.url=http://closed.test", "--pool.instances.closed.targets=" + upstream.uri());
		pool("closed").close();
	}

	@AfterAll
	static void stopApplication() {
		application.close();
	}

	@BeforeEach
	void acquireAllServices() throws Exception {
		this.slow = pool("slow").acquire(Duration.ofSeconds(10));
		this.full = pool("full").acquire();
		CompletableFuture.runAsync(UnavailableTests::waitForFullPool);
		await().until(() -> pool("full").snapshot().load().waiting() == 1);
	}

	private static void waitForFullPool() {
		try {
			pool("full").acquire().close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@AfterEach
	void releaseAllServices() {
		this.slow.close();
		this.full.close();
		await().until(() -> pool("full").snapshot().load().inFlight() == 0);
	}

	@Test
	void callFailsAfterAcquireTimeout() {
		assertUnavailable(AcquireTimeoutException.class, "slow")
			.hasMessageStartingWith("Pool 'slow': no service became available within ")
			.hasMessageContaining(
					"s (maxServices=1; 1 service: 0 ready, 1 busy or pending; 0 waiting); longest active lease: acquired ")
			.satisfies((ex) -> assertThat(ex.getPoolName()).isEqualTo("slow"));
	}

	@Test
	void callIsRejectedWhenWaitQueueIsFull() {
		assertUnavailable(PoolOverloadedException.class, "full").hasMessage(
				"Pool 'full': wait queue is full (maxWaiting=1; 1 service: 0 ready, 1 busy or pending; 1 waiting)");
	}

	@Test
	void exceptionContainsReasonWhenCreationFails() {
		assertUnavailable(NoServiceException.class, "none")
			.hasMessageStartingWith("Pool 'none': no service is available because the last attempt to create one"
					+ " failed (0 services: 0 ready")
			.hasMessageEndingWith(" waiting; last failure: java.io.IOException: no license)")
			.cause()
			.isInstanceOf(IOException.class)
			.hasMessage("no license");
	}

	@Test
	void callFailsWhenPoolIsClosed() {
		assertUnavailable(PoolClosedException.class, "closed")
			.hasMessage("Pool 'closed': pool is closed (0 services: 0 ready; 0 waiting)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "slow", "full", "none", "closed" })
	void clientFromPoolFailsWithPoolException(String pool) {
		RestClient client = RestClient.builder()
			.apply(application.getBean(RestClientPools.class).fromPool(pool))
			.build();
		assertThat(poolException(() -> client.get().uri("http://any.test").retrieve().toBodilessEntity()))
			.isInstanceOf(PoolException.class)
			.extracting("poolName")
			.isEqualTo(pool);
	}

	@ParameterizedTest
	@ValueSource(strings = { "slow", "full", "none", "closed" })
	void applicationRespondsWithRetryAfter(String pool) {
		ResponseEntity<ProblemDetail> response = exchange(pool, ProblemDetail.class);
		assertThat(response.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo("1");
		assertThat(response.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(response.getBody()).isNotNull()
			.extracting(ProblemDetail::getDetail)
			.isEqualTo("Too many requests for " + pool + " at present");
	}

	@Test
	void applicationRespondsWhenServiceIsReleased() {
		this.slow.close();
		assertThat(exchange("slow", String.class).getBody()).isEqualTo("response");
	}

	private static <E extends PoolException> AbstractThrowableAssert<?, E> assertUnavailable(Class<E> reason,
			String pool) {
		Throwable exception = poolException(() -> call(pool));
		assertThat(exception).isInstanceOf(reason);
		return assertThat(reason.cast(exception));
	}

	/** Return the exception of the pool, which an HTTP caller sees as the cause. */
	private static Throwable poolException(ThrowingCallable call) {
		ResourceAccessException exception = catchThrowableOfType(ResourceAccessException.class, call);
		assertThat(exception).cause().isExactlyInstanceOf(IOException.class);
		assertThat(exception.getCause()).hasMessage(exception.getCause().getCause().getMessage());
		return exception.getCause().getCause();
	}

	private static Pool<?, ?> pool(String name) {
		return application.getBean(name + "Pool", Pool.class);
	}

	private static void call(String pool) {
		application.getBean(RestClient.Builder.class)
			.build()
			.get()
			.uri("http://{pool}.test", pool)
			.retrieve()
			.toBodilessEntity();
	}

	private static <T> ResponseEntity<T> exchange(String pool, Class<T> type) {
		int port = ((WebServerApplicationContext) application).getWebServer().getPort();
		return RestClient.builder().defaultStatusHandler((status) -> true, (request, response) -> {
		}).build().get().uri("http://127.0.0.1:{port}/{pool}", port, pool).retrieve().toEntity(type);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServiceUnavailableAdvice.class, PoolController.class })
	static class Application {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> none() {
			return (target) -> {
				throw new IOException("no license");
			};
		}

	}

	@RestController
	static class PoolController {

		private final RestClient client;

		PoolController(RestClient.Builder builder) {
			this.client = builder.build();
		}

		@GetMapping("/{pool}")
		String call(@PathVariable String pool) {
			return this.client.get().uri("http://{pool}.test", pool).retrieve().body(String.class);
		}

	}

}
