package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Attempts}.
 */
class AttemptsTests {

	private static final IOException LOST = new IOException("Connection reset");

	private static final IOException SHUTDOWN = new IOException("send", new IOException("/[::1]:80: GOAWAY received"));

	private final WatchedCall get = call(HttpMethod.GET);

	@Test
	void retriesAfterLostConnectionsAreLimited() {
		Attempts attempts = new Attempts(1);
		assertThat(attempts.allowAnother(this.get, LOST)).isTrue();
		assertThat(attempts.allowAnother(this.get, LOST)).isFalse();
	}

	@Test
	void attemptAfterShutdownIsNoRetry() {
		Attempts attempts = new Attempts(1);
		for (int i = 1; i < 9; i++) {
			assertThat(attempts.allowAnother(this.get, SHUTDOWN)).as("attempt %d", i).isTrue();
		}
		assertThat(attempts.allowAnother(this.get, LOST)).isTrue();
		assertThat(attempts.allowAnother(this.get, SHUTDOWN)).as("the tenth attempt was the last").isFalse();
	}

	@Test
	void noAttemptFollowsShutdownWhenRetriesAreDisabled() {
		assertThat(new Attempts(0).allowAnother(this.get, SHUTDOWN)).isFalse();
	}

	@Test
	void noAttemptFollowsShutdownWhenRequestIsNotSafe() {
		assertThat(new Attempts(1).allowAnother(call(HttpMethod.POST), SHUTDOWN)).isFalse();
	}

	private static WatchedCall call(HttpMethod method) {
		return new WatchedCall(new HttpCall(URI.create("http://orders/"), method, new HttpHeaders(), Map.of(), null));
	}

}
