package dev.servicepool.spring.faults;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a client whose executor rejects tasks. The client then terminates, so that
 * all later calls fail until it is replaced.
 */
@Tag("slow")
@Timeout(180)
class RejectingExecutorTests {

	@AutoClose
	private final Server server = Server.http1().start();

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void terminatedClientIsReplacedAfterBurst(int targets) throws Exception {
		noCallFailsAfterBurst(targets, 5, Duration.ofMillis(100));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	@Tag("measured")
	void noCallFailsForLongAfterBurst(int targets) throws Exception {
		noCallFailsAfterBurst(targets, 20, Duration.ofSeconds(1));
	}

	private void noCallFailsAfterBurst(int targets, int calls, Duration interval) throws Exception {
		try (TwoSides sides = new TwoSides(Collections.nCopies(targets, this.server.uri()))) {
			sides.withConfiguration(SmallExecutor.class).with("spring.http.clients.read-timeout=1s");
			Outcome outcome = sides.run("executor rejects tasks, targets: " + targets, (side) -> {
				side.gets("/?millis=50").byCallers(60, 60);
				return side.gets("/").oneAfterAnother(calls, interval);
			});
			assertThat(outcome.pooled().failed()).as("%s, plain %s", outcome.pooled(), outcome.plain()).isZero();
		}
	}

	@Test
	void rejectedRequestMovesToOtherService() throws Exception {
		try (TwoSides sides = new TwoSides(List.of(this.server.uri()))) {
			sides.withConfiguration(SmallExecutor.class).with("spring.http.clients.read-timeout=5s");
			Outcome outcome = sides.run("executor rejects tasks, one caller",
					(side) -> side.gets("/").byCallers(1, 100));
			assertThat(outcome.pooled().failed()).as("%s, plain %s", outcome.pooled(), outcome.plain()).isZero();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class SmallExecutor {

		@Bean(destroyMethod = "shutdownNow")
		ThreadPoolExecutor threads() {
			return new ThreadPoolExecutor(2, 2, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(4),
					new ThreadPoolExecutor.AbortPolicy());
		}

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> executor(
				ThreadPoolExecutor threads) {
			return (builder) -> builder.withExecutor(threads);
		}

	}

}
