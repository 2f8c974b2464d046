package dev.servicepool.compatibility;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures a pool of Apache clients that configures nothing but the target, beside a
 * plain Apache client whose connections are set to the number of callers.
 */
@Tag("measured")
@Timeout(300)
class ApacheThroughputTests {

	private static final int CALLERS = 60;

	/** If all of seven pairs are below the bar, a sign test rejects it at 5 %. */
	private static final int PAIRS = 7;

	private static final double BAR = 0.97;

	private static final Duration ROUND = Duration.ofSeconds(4);

	@AutoClose
	private final Server server = Server.http1().threads(2 * CALLERS).start(new Work());

	@Test
	void defaultsReachThroughputOfTunedClient() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.imperative.factory=http-components",
					"pool.instances.orders.targets=" + this.server.uri())
			.run((context) -> {
				RestClient pooled = context.getBean(RestClient.Builder.class).baseUrl(this.server.uri()).build();
				RestClient tuned = tuned();
				callsPerSecond(pooled);
				callsPerSecond(tuned);
				List<Double> ratios = new ArrayList<>();
				for (int pair = 0; pair < PAIRS; pair++) {
					double plain = callsPerSecond(tuned);
					double own = callsPerSecond(pooled);
					System.out.printf("tuned %.0f calls/s, pooled %.0f calls/s, ratio %.3f%n", plain, own, own / plain);
					ratios.add(own / plain);
				}
				Collections.sort(ratios);
				System.out.printf("median ratio %.3f%n", ratios.get(PAIRS / 2));
				assertThat(ratios).anyMatch((ratio) -> ratio >= BAR);
			});
	}

	private RestClient tuned() {
		return RestClient.builder()
			.baseUrl(this.server.uri())
			.requestFactory(ClientHttpRequestFactoryBuilder.httpComponents()
				.withConnectionManagerCustomizer(
						(connections) -> connections.setMaxConnPerRoute(CALLERS).setMaxConnTotal(CALLERS))
				.build())
			.build();
	}

	private static double callsPerSecond(RestClient client) throws Exception {
		long start = System.nanoTime();
		Callable<Integer> caller = () -> {
			int calls = 0;
			while (System.nanoTime() - start < ROUND.toNanos()) {
				client.get().uri("/?millis=20").retrieve().toBodilessEntity();
				calls++;
			}
			return calls;
		};
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		try {
			int calls = 0;
			for (Future<Integer> done : callers.invokeAll(Collections.nCopies(CALLERS, caller))) {
				calls += done.get();
			}
			return calls / ((System.nanoTime() - start) / 1e9);
		}
		finally {
			callers.shutdown();
		}
	}

}
