package dev.servicepool.internal;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import dev.servicepool.internal.target.Targets;
import dev.servicepool.internal.event.EventLog;
import dev.servicepool.internal.event.ListenerNotifier;
import dev.servicepool.Target;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The single timer of a pool. Times are in nanoseconds.
 */
class PoolTimerTests {

	private EventRecorder<String, String> recorder;

	private PoolTimer<String, String> timer;

	@BeforeEach
	void create() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool);
		MemberRegistry<String, String> registry = new MemberRegistry<>(fixture.pool.settings(),
				new Targets(List.of(Target.of("test")), fixture.pool.settings(), new Random(1), null));
		this.recorder = new EventRecorder<>(new EventLog("test", fixture.time),
				new ListenerNotifier("test", List.of(), List.of()), registry);
		this.timer = new PoolTimer<>(this.recorder);
	}

	@Test
	void isSetAgainOnlyForEarlierTime() {
		assertThat(set(100, 0)).isTrue();
		assertThat(set(80, 20)).as("same time").isFalse();
		assertThat(set(90, 20)).as("later time").isFalse();
		assertThat(set(79, 20)).as("earlier time").isTrue();
	}

	@Test
	void isSetForNextTaskAfterItElapsed() {
		set(100, 0);
		this.timer.elapsed(100);
		assertThat(set(1, 100)).isTrue();
	}

	/** A scheduler may run a task too early, or lose it. */
	@Test
	void isSetAgainWhenOverdue() {
		set(100, 0);
		this.timer.elapsed(99);
		long second = Duration.ofSeconds(1).toNanos();
		assertThat(set(0, 99 + second)).as("a busy scheduler may be late").isFalse();
		assertThat(set(50, 100 + second)).isTrue();
		assertThat(set(50, 101 + second)).as("set again once").isFalse();
	}

	/**
	 * Otherwise each elapsed setting would add another one, and their number would rise.
	 */
	@Test
	void elapsedEarlierSettingDoesNotCancelLaterOne() {
		set(100, 0);
		set(10, 0);
		this.timer.elapsed(10);
		set(190, 10);
		this.timer.elapsed(100);
		assertThat(set(100, 100)).as("timer is already set for 200").isFalse();
	}

	/** Set the timer and return whether the call scheduled a task. */
	private boolean set(long left, long now) {
		this.timer.set(left, now);
		List<Effect<String, String>> effects = this.recorder.collectEffects();
		assertThat(effects).allMatch(new Effect.Tick<String, String>(left)::equals);
		return !effects.isEmpty();
	}

}
