package dev.servicepool.sample;

import java.time.Duration;

import dev.servicepool.Pool;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample without a word of what the server takes at a time on a connection.
 */
@SpringBootTest(properties = "pool.instances.quotes.max-concurrency=20")
class LearnedLimitTests {

	@Autowired
	private LoadGenerator generator;

	@Autowired
	private Pool<?, ?> pool;

	@Test
	void thePoolLearnsItAndFailsNoCall() {
		await().atMost(Duration.ofMinutes(1)).until(() -> {
			LoadReport report = this.generator.run(40, Duration.ofSeconds(1));
			assertThat(report.failed()).isZero();
			return this.pool.snapshot().members().get(0).limit() < 20;
		});
	}

}
