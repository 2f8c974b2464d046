package dev.servicepool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whom the end of an attempt interrupts: the thread that makes the service, and only
 * while it does.
 */
class CreationAttemptTests {

	private final CreationAttempt attempt = new CreationAttempt(1, Target.of("test"), "needed", 0);

	@AfterEach
	void leaveNoInterrupt() {
		Thread.interrupted();
	}

	@Test
	void whoeverMakesTheServiceIsInterrupted() {
		this.attempt.begin();
		this.attempt.cancel();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void whoeverBeginsToMakeItWhenItIsNotWantedAnyMoreIsInterruptedAtOnce() {
		this.attempt.cancel();
		this.attempt.begin();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void whoeverHasMadeItIsNot() {
		this.attempt.begin();
		this.attempt.end();
		this.attempt.cancel();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void theInterruptDoesNotOutliveTheAttempt() {
		this.attempt.begin();
		this.attempt.cancel();
		this.attempt.end();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void anotherInterruptDoes() {
		this.attempt.begin();
		Thread.currentThread().interrupt();
		this.attempt.end();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

}
