package dev.servicepool;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The one timer of a pool, in nanoseconds.
 */
class PoolTimerTests {

	private EventRecorder<String, String> recorder;

	private PoolTimer<String, String> timer;

	@BeforeEach
	void create() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool);
		MemberRegistry<String, String> registry = new MemberRegistry<>(List.of(Target.of("test")),
				fixture.pool.settings(), new Random(1));
		this.recorder = new EventRecorder<>(new EventLog("test", fixture.time),
				new ListenerNotifier("test", List.of(), List.of()), registry);
		this.timer = new PoolTimer<>(this.recorder);
	}

	@Test
	void isSetAgainOnlyForSomethingThatIsDueEarlier() {
		assertThat(set(100, 0)).isTrue();
		assertThat(set(80, 20)).as("at the same moment").isFalse();
		assertThat(set(90, 20)).as("later").isFalse();
		assertThat(set(79, 20)).as("earlier").isTrue();
	}

	@Test
	void isSetForTheNextThingOnceItHasRung() {
		set(100, 0);
		this.timer.rang(100);
		assertThat(set(1, 100)).isTrue();
	}

	/** Else each of these would bring one more, and none would ever go. */
	@Test
	void aRingOfOneThatWasSetBeforeChangesNothing() {
		set(100, 0);
		set(10, 0);
		this.timer.rang(10);
		set(190, 10);
		this.timer.rang(100);
		assertThat(set(100, 100)).as("it is set for 200").isFalse();
	}

	/** Return whether the alarm was set, or set anew, for that. */
	private boolean set(long left, long now) {
		this.timer.set(left, now);
		List<Effect<String, String>> effects = this.recorder.collectEffects();
		assertThat(effects).allMatch(new Effect.Tick<String, String>(left)::equals);
		return !effects.isEmpty();
	}

}
