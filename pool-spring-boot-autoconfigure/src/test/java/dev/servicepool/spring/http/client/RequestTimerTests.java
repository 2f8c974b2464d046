package dev.servicepool.spring.http.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestTimer}.
 */
@Timeout(30)
class RequestTimerTests {

	private static final long SOON = Duration.ofMillis(1).toNanos();

	private static final long LATE = Duration.ofHours(1).toNanos();

	private final RequestTimer timer = RequestTimer.ATTEMPTS;

	@Test
	void actionRunsOnceWhenItIsDue() throws Exception {
		Counted action = new Counted();
		this.timer.start(action, SOON);
		action.awaitRun();
		assertThat(this.timer.stop(action)).as("stopped in time").isFalse();
		assertThat(action.runs).hasValue(1);
	}

	@Test
	void stoppedActionDoesNotRun() throws Exception {
		Counted stopped = new Counted();
		Counted next = new Counted();
		this.timer.start(stopped, LATE);
		assertThat(this.timer.stop(stopped)).isTrue();
		this.timer.start(next, SOON);
		next.awaitRun();
		assertThat(stopped.runs).hasValue(0);
		assertThat(this.timer.stop(stopped)).as("stopped twice").isFalse();
	}

	@Test
	void actionsOfOneThreadAreIndependent() throws Exception {
		Counted first = new Counted();
		Counted second = new Counted();
		Counted third = new Counted();
		this.timer.start(first, LATE);
		this.timer.start(second, LATE);
		this.timer.start(third, SOON);
		third.awaitRun();
		assertThat(this.timer.stop(first)).isTrue();
		assertThat(this.timer.stop(second)).isTrue();
		assertThat(List.of(first.runs.get(), second.runs.get())).containsOnly(0);
	}

	@Test
	void eachActionIsEitherStoppedOrRuns() throws Exception {
		List<Counted> actions = new ArrayList<>();
		AtomicInteger stopped = new AtomicInteger();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			List<Counted> own = new ArrayList<>();
			for (int n = 0; n < 500; n++) {
				own.add(new Counted());
			}
			actions.addAll(own);
			threads.add(new Thread(() -> startAndStop(own, stopped)));
		}
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		int runs = actions.stream().mapToInt((action) -> action.runs.get()).sum();
		assertThat(stopped.get() + runs).isEqualTo(actions.size());
		assertThat(actions).allMatch((action) -> action.runs.get() <= 1);
	}

	/** Start all actions, then stop those that have not run, and wait for the others. */
	private void startAndStop(List<Counted> actions, AtomicInteger stopped) {
		for (Counted action : actions) {
			this.timer.start(action, ThreadLocalRandom.current().nextLong(2 * SOON));
		}
		for (Counted action : actions) {
			if (this.timer.stop(action)) {
				stopped.getAndIncrement();
			}
			else {
				action.awaitRun();
			}
		}
	}

	private static final class Counted extends RequestTimer.Action {

		private final AtomicInteger runs = new AtomicInteger();

		private final CountDownLatch ran = new CountDownLatch(1);

		@Override
		protected void run() {
			this.runs.getAndIncrement();
			this.ran.countDown();
		}

		private void awaitRun() {
			try {
				assertThat(this.ran.await(10, TimeUnit.SECONDS)).as("has run").isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
