package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.NoServiceException;
import dev.servicepool.Pool;
import dev.servicepool.PoolClosedException;
import dev.servicepool.PoolException;
import dev.servicepool.PoolOverloadedException;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.TestServer;
import dev.servicepool.spring.http.HttpCall;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
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
import org.springframework.web.client.RestClient;

import static dev.servicepool.spring.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A web application whose pools have nothing to give: what its own code meets, and what
 * its callers get if it maps that as the documentation shows.
 */
@Timeout(60)
class UnavailableTests {

	private static TestServer upstream;

	private static ConfigurableApplicationContext application;

	/** The only service of each pool that has one is in use. */
	private Lease<?, ?> slow;

	private Lease<?, ?> full;

	@BeforeAll
	static void startApplication() throws Exception {
		upstream = TestServer.answering(200, "answer");
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
		upstream.close();
	}

	@BeforeEach
	void takeAllThereIs() throws Exception {
		this.slow = pool("slow").acquire();
		this.full = pool("full").acquire();
		CompletableFuture.runAsync(UnavailableTests::waitForWhatIsFull);
		await().until(() -> pool("full").snapshot().waiting() == 1);
	}

	private static void waitForWhatIsFull() {
		try {
			pool("full").acquire().close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@AfterEach
	void giveItBack() {
		this.slow.close();
		this.full.close();
		await().until(() -> pool("full").snapshot().inFlight() == 0);
	}

	@Test
	void whoHasWaitedInVainMeetsAnAcquireTimeout() {
		assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> call("slow"))
			.withMessageStartingWith("Pool 'slow' had no service in time (1 services, 0 ready, 1 busy, 0 being made,"
					+ " 0 draining; 0 waiting); the lease held the longest was taken ")
			.satisfies((ex) -> assertThat(ex.getPoolName()).isEqualTo("slow"));
	}

	@Test
	void whoWouldBeOneTooManyToWaitMeetsAnOverload() {
		assertThatExceptionOfType(PoolOverloadedException.class).isThrownBy(() -> call("full"))
			.withMessage("Pool 'full' is overloaded: 1 callers wait, and maxWaiting is 1 (1 services, 0 ready, 1 busy,"
					+ " 0 being made, 0 draining; 1 waiting)");
	}

	@Test
	void whereNoServiceCanBeMadeTheReasonIsTold() {
		assertThatExceptionOfType(NoServiceException.class).isThrownBy(() -> call("none"))
			.withMessageStartingWith("Pool 'none' has no service, and the last attempt to make one failed (0 services,")
			.withMessageEndingWith(" waiting; last failure: java.io.IOException: no licence)")
			.havingCause()
			.isInstanceOf(IOException.class)
			.withMessage("no licence");
	}

	@Test
	void whoComesTooLateIsToldSo() {
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> call("closed"))
			.withMessage("Pool 'closed' is closed (0 services, 0 ready, 0 busy, 0 being made, 0 draining; 0 waiting)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "slow", "full", "none", "closed" })
	void aClientThatIsSetUpWithThePoolMeetsTheSame(String pool) {
		RestClient client = RestClient.builder()
			.apply(application.getBean(RestClientPools.class).fromPool(pool))
			.build();
		assertThatExceptionOfType(PoolException.class)
			.isThrownBy(() -> client.get().uri("http://any.test").retrieve().toBodilessEntity())
			.satisfies((ex) -> assertThat(ex.getPoolName()).isEqualTo(pool));
	}

	@ParameterizedTest
	@ValueSource(strings = { "slow", "full", "none", "closed" })
	void theCallersOfTheApplicationAreToldToTryAgain(String pool) {
		ResponseEntity<ProblemDetail> answer = ask(pool, ProblemDetail.class);
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(answer.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo("1");
		assertThat(answer.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(answer.getBody()).isNotNull()
			.extracting(ProblemDetail::getDetail)
			.isEqualTo("Too many requests for " + pool + " at present");
	}

	@Test
	void theyAreServedAsSoonAsThereIsAServiceAgain() {
		this.slow.close();
		assertThat(ask("slow", String.class).getBody()).isEqualTo("answer");
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

	private static <T> ResponseEntity<T> ask(String pool, Class<T> type) {
		int port = ((WebServerApplicationContext) application).getWebServer().getPort();
		return RestClient.builder().defaultStatusHandler((status) -> true, (request, response) -> {
		}).build().get().uri("http://127.0.0.1:{port}/{pool}", port, pool).retrieve().toEntity(type);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ServiceUnavailableAdvice.class, Answers.class })
	static class Application {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> none() {
			return (target) -> {
				throw new IOException("no licence");
			};
		}

	}

	@RestController
	static class Answers {

		private final RestClient client;

		Answers(RestClient.Builder builder) {
			this.client = builder.build();
		}

		@GetMapping("/{pool}")
		String answer(@PathVariable String pool) {
			return this.client.get().uri("http://{pool}.test", pool).retrieve().body(String.class);
		}

	}

}
