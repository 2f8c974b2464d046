package dev.servicepool;

import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long the pool pauses after failures to make a service.
 */
class BackoffTests {

	/** Leaves the pauses as long as they are. */
	private static final RandomGenerator LOWEST = () -> 0;

	/** Shortens them by as much as can be. */
	private static final RandomGenerator HIGHEST = () -> -1;

	private final FakeTime time = new FakeTime();

	private final ManualExecutor executor = new ManualExecutor();

	private final FakeServices services = new FakeServices();

	@Test
	void doublesWithEachFailureUpToTheLongest() {
		fails(9);
		start(LOWEST);
		for (int millis : new int[] { 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000 }) {
			assertNextMakeAfter(Duration.ofMillis(millis));
		}
	}

	@Test
	void isShortenedByUpToAHalfAtRandom() {
		fails(4);
		start(HIGHEST);
		for (int millis : new int[] { 50, 100, 200, 400 }) {
			// Random numbers end just below 1, so the half itself is never reached.
			assertNextMakeAfter(Duration.ofMillis(millis).plusNanos(1));
		}
	}

	@Test
	void theLongestPauseIsShortenedTooHoweverManyFailuresThereWere() {
		fails(200);
		start(HIGHEST);
		for (int failure = 0; failure < 199; failure++) {
			this.time.advance(Duration.ofSeconds(10));
			this.executor.runAll();
		}
		assertNextMakeAfter(Duration.ofSeconds(5).plusNanos(1));
	}

	@Test
	void isWhatTheSettingsSay() {
		fails(3);
		start(LOWEST, builder().backoff(Duration.ofSeconds(2)).maxBackoff(Duration.ofSeconds(3)));
		assertNextMakeAfter(Duration.ofSeconds(2));
		assertNextMakeAfter(Duration.ofSeconds(3));
		assertNextMakeAfter(Duration.ofSeconds(3));
	}

	@Test
	void startsAgainAfterASuccess() {
		fails(3);
		this.services.creations(FakeServices.ok());
		fails(1);
		Pool<String, String> pool = start(LOWEST, builder().minServices(2));
		assertNextMakeAfter(Duration.ofMillis(100));
		assertNextMakeAfter(Duration.ofMillis(200));
		this.time.advance(Duration.ofMillis(400));
		this.executor.runAll();
		assertThat(pool.snapshot().size().live()).as("the second has failed").isOne();
		assertNextMakeAfter(Duration.ofMillis(100));
		assertThat(pool.snapshot().size().live()).isEqualTo(2);
	}

	@Test
	void isNotStartedAgainByServicesThatFailBeforeTheirFirstCall() {
		this.services.each((service) -> service.readiness = Readiness.READY);
		Pool<String, String> pool = start(LOWEST);
		for (int millis : new int[] { 100, 200, 400 }) {
			this.executor.runAll();
			FakeService service = this.services.get(this.services.created.size() - 1);
			service.pollFailure = new IOException("gone");
			assertThat(pool.tryAcquire()).isNull();
			assertNextMakeAfter(Duration.ofMillis(millis));
		}
	}

	@Test
	void aMakeThatTookTooLongCountsLikeAnyFailure() {
		this.services.creations(FakeServices.takes(() -> this.time.advance(Duration.ofSeconds(1))));
		fails(1);
		start(LOWEST, builder().createTimeout(Duration.ofSeconds(1)));
		assertNextMakeAfter(Duration.ofMillis(100));
		assertNextMakeAfter(Duration.ofMillis(200));
	}

	private void fails(int times) {
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

	private void assertNextMakeAfter(Duration pause) {
		int before = this.services.targets.size();
		this.time.advance(pause.minusNanos(1));
		this.executor.runAll();
		assertThat(this.services.targets).as("not before " + pause).hasSize(before);
		this.time.advance(Duration.ofNanos(1));
		this.executor.runAll();
		assertThat(this.services.targets).as("after " + pause).hasSize(before + 1);
	}

}
