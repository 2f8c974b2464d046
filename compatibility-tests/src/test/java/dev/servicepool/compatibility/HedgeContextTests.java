package dev.servicepool.compatibility;

import java.io.IOException;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.servicepool.Pool;
import dev.servicepool.fixtures.DelayedHandler;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.HttpClientServiceFactory;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import dev.servicepool.spring.http.HttpClientService;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationTextPublisher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.slf4j.MDC;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the context of second attempts, which run on other threads than their
 * callers.
 */
@Timeout(60)
@Tag("slow")
@EnabledForJreRange(min = JRE.JAVA_21)
class HedgeContextTests {

	private static final String KEY = "order";

	private static final Slf4jThreadLocalAccessor MDC_OF_KEY = new Slf4jThreadLocalAccessor(KEY);

	private final ObservationRegistry observations = ObservationRegistry.create();

	private final DelayedHandler delayed = new DelayedHandler();

	@AutoClose
	private final Server slow = Server.http1().start(this.delayed);

	@AutoClose
	private final Server fast = Server.http1().start(Handler.responding(200, ""));

	private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();

	/**
	 * What the thread of an attempt knows.
	 *
	 * @param thread the name of the thread
	 * @param order the entry of the MDC
	 * @param user the authenticated user
	 * @param observation the names of the current observation and of those above it
	 */
	private record Attempt(String thread, @Nullable String order, @Nullable String user, String observation) {

		static Attempt of(ObservationRegistry observations) {
			Authentication user = SecurityContextHolder.getContext().getAuthentication();
			return new Attempt(Thread.currentThread().getName(), MDC.get(KEY), (user != null) ? user.getName() : null,
					path(observations.getCurrentObservation()));
		}

		private static String path(@Nullable Observation observation) {
			if (observation == null) {
				return "";
			}
			Observation.ContextView context = observation.getContextView();
			String name = context.getName();
			return (context.getParentObservation() instanceof Observation parent) ? path(parent) + "/" + name : name;
		}

		boolean isSecond() {
			return this.thread.startsWith("pool-hedge-");
		}

	}

	/** Client that ends interrupted requests, and records the context of its requests. */
	private final class RecordingClient extends JdkClientHttpRequestFactory {

		@Override
		public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
			HedgeContextTests.this.attempts.add(Attempt.of(HedgeContextTests.this.observations));
			return super.createRequest(uri, method);
		}

	}

	@BeforeEach
	void begin() {
		this.observations.observationConfig().observationHandler(new ObservationTextPublisher((text) -> {
		}));
		ContextRegistry.getInstance().registerThreadLocalAccessor(MDC_OF_KEY);
		MDC.put(KEY, "7");
		SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("alice", ""));
	}

	@AfterEach
	void end() {
		this.delayed.release();
		SecurityContextHolder.clearContext();
		MDC.remove(KEY);
		ContextRegistry.getInstance().removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
	}

	@Test
	void secondAttemptHasContextOfCaller() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class))
			.withBean(ObservationRegistry.class, () -> this.observations)
			.withBean("orders", HttpClientServiceFactory.class,
					() -> (target) -> HttpClientService.of(target, new RecordingClient()))
			.withPropertyValues("pool.hedge.delay=50ms", "pool.load-metric=constant",
					"pool.instances.orders.url=http://orders",
					"pool.instances.orders.targets=" + this.slow.uri() + "," + this.fast.uri())
			.run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class)
					.baseUrl("http://orders")
					.observationRegistry(this.observations)
					.build();
				Pool<?, ?> pool = context.getBean(Pool.class);
				await().until(() -> pool.snapshot().size().ready() == 2);
				while (pool.snapshot().totals().retries().hedgesWon() == 0) {
					client.get().uri("/").retrieve().toBodilessEntity();
				}
				assertThat(this.attempts).anyMatch(Attempt::isSecond).allSatisfy((attempt) -> {
					assertThat(attempt.order()).isEqualTo("7");
					assertThat(attempt.user()).isEqualTo("alice");
				});
				assertThat(this.attempts).extracting(Attempt::observation)
					.containsOnly("http.client.requests", "http.client.requests/servicepool.attempt");
			});
	}

}
