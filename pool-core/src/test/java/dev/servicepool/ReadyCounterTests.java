package dev.servicepool;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How many ready samples are counted apart before they are taken in.
 */
class ReadyCounterTests {

	private final ReadyCounter counter = new ReadyCounter(0, 0);

	@Test
	void noneUnlessItIsSaidHowMany() {
		assertThat(this.counter.increment()).isTrue();
	}

	@Test
	void asManyAsAreAllowedAndTheNextHasThemTakenIn() {
		this.counter.allow(2, false);
		assertThat(this.counter.increment()).isFalse();
		assertThat(this.counter.increment()).isFalse();
		assertThat(this.counter.increment()).isTrue();
		assertThat(this.counter.take(0)).isEqualTo(3);
	}

	@Test
	void asManyAgainOnceTheyAreTakenIn() {
		this.counter.allow(1, false);
		this.counter.increment();
		this.counter.take(0);
		assertThat(this.counter.increment()).isFalse();
		assertThat(this.counter.increment()).isTrue();
	}

}
