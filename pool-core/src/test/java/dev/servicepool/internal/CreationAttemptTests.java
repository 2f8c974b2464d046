package dev.servicepool.internal;

import dev.servicepool.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CreationAttempt}. Canceling an attempt interrupts the thread that
 * creates the service, but only during the creation.
 */
class CreationAttemptTests {

	private final CreationAttempt attempt = new CreationAttempt(1, Target.of("test"), "needed", false, 0);

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void creatingThreadIsInterruptedWhenAttemptIsCanceled() {
		this.attempt.begin();
		this.attempt.cancel();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void threadIsInterruptedImmediatelyWhenAlreadyCanceled() {
		this.attempt.cancel();
		this.attempt.begin();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void threadIsNotInterruptedAfterCreation() {
		this.attempt.begin();
		this.attempt.end();
		this.attempt.cancel();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void interruptOfCancellationIsClearedAtEnd() {
		this.attempt.begin();
		this.attempt.cancel();
		this.attempt.end();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void otherInterruptIsKeptAtEnd() {
		this.attempt.begin();
		Thread.currentThread().interrupt();
		this.attempt.end();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

}
