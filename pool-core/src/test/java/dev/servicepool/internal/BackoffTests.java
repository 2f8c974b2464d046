package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

import dev.servicepool.internal.FakeTime;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.Readiness;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the backoff after failed creations.
 */
class BackoffTests {

	/** Random numbers that do not shorten the backoff. */
	private static final RandomGenerator LOWEST = () -> 0;

	/** Random numbers that shorten the backoff the most. */
	private static final RandomGenerator HIGHEST = () -> -1;

	private final FakeTime time = new FakeTime();

	private final ManualExecutor executor = new ManualExecutor();

	private final FakeServices services = new FakeServices();

	@Test
	void backoffDoublesWithEachFailureUpToMaximum() {
		failCreations(9);
		start(LOWEST);
		for (int millis : new int[] { 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000 }) {
			assertNextCreationAfter(Duration.ofMillis(millis));
		}
	}

	@Test
	void jitterShortensBackoffByUpToHalf() {
		failCreations(4);
		start(HIGHEST);
		for (int millis : new int[] { 50, 100, 200, 400 }) {
			// The random number is just below 1, so the backoff is just above the half.
			assertNextCreationAfter(Duration.ofMillis(millis).plusNanos(1));
		}
	}

	@Test
	void jitterShortensMaxBackoffAfterManyFailures() {
		failCreations(200);
		start(HIGHEST);
		for (int failure = 0; failure < 199; failure++) {
			this.time.advance(Duration.ofSeconds(10));
			this.executor.runAll();
		}
		assertNextCreationAfter(Duration.ofSeconds(5).plusNanos(1));
	}

	@Test
	void backoffFollowsSettings() {
		failCreations(3);
		start(LOWEST, builder().backoff(Duration.ofSeconds(2)).maxBackoff(Duration.ofSeconds(3)));
		assertNextCreationAfter(Duration.ofSeconds(2));
		assertNextCreationAfter(Duration.ofSeconds(3));
		assertNextCreationAfter(Duration.ofSeconds(3));
	}

	@Test
	void backoffIsResetAfterSuccessfulCreation() {
		failCreations(3);
		this.services.creations(FakeServices.ok());
		failCreations(1);
		Pool<String, String> pool = start(LOWEST, builder().minServices(2));
		assertNextCreationAfter(Duration.ofMillis(100));
		assertNextCreationAfter(Duration.ofMillis(200));
		this.time.advance(Duration.ofMillis(400));
		this.executor.runAll();
		assertThat(pool.snapshot().size().live()).as("services after the failed creation").isOne();
		assertNextCreationAfter(Duration.ofMillis(100));
		assertThat(pool.snapshot().size().live()).isEqualTo(2);
	}

	@Test
	void backoffIsNotResetByServiceThatFailsBeforeFirstCall() {
		this.services.each((service) -> service.readiness = Readiness.READY);
		Pool<String, String> pool = start(LOWEST);
		for (int millis : new int[] { 100, 200, 400 }) {
			this.executor.runAll();
			FakeService service = this.services.get(this.services.created.size() - 1);
			service.pollFailure = new IOException("gone");
			assertThat(pool.tryAcquire()).isNull();
			assertNextCreationAfter(Duration.ofMillis(millis));
		}
	}

	@Test
	void creationTimeoutCountsAsFailure() {
		this.services.creations(FakeServices.takes(() -> this.time.advance(Duration.ofSeconds(1))));
		failCreations(1);
		start(LOWEST, builder().createTimeout(Duration.ofSeconds(1)));
		assertNextCreationAfter(Duration.ofMillis(100));
		assertNextCreationAfter(Duration.ofMillis(200));
	}

	private void failCreations(int times) {
		for (int i = 0; i < times; i++) {
			this.services.creations(FakeServices.fails(new IOException("no route")));
		}
	}

	private PoolBuilder builder() {
		return Pool.builder();
	}

	private Pool<String, String> start(RandomGenerator random) {
		return start(random, builder());
	}

	private Pool<String, String> start(RandomGenerator random, PoolBuilder builder) {
		Pool<String, String> pool = builder.ticker(this.time)
			.scheduler(this.time)
			.executor(this.executor)
			.random(random)
			.build(this.services);
		pool.start();
		this.executor.runAll();
		return pool;
	}

	private void assertNextCreationAfter(Duration backoff) {
		int before = this.services.targets.size();
		this.time.advance(backoff.minusNanos(1));
		this.executor.runAll();
		assertThat(this.services.targets).as("creations before " + backoff).hasSize(before);
		this.time.advance(Duration.ofNanos(1));
		this.executor.runAll();
		assertThat(this.services.targets).as("creations after " + backoff).hasSize(before + 1);
	}

}
