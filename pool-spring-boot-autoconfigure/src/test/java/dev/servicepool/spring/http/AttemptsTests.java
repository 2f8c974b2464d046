package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.util.Map;
import java.util.Set;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.Service;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Attempts}.
 */
class AttemptsTests {

	private static final IOException LOST = new IOException("Connection reset");

	private static final IOException SHUTDOWN = new IOException("send", new IOException("/[::1]:80: GOAWAY received"));

	private static final IOException TIMEOUT = new HttpTimeoutException("request timed out");

	private final Service<HttpCall, ClientHttpResponse> service = mock();

	private final Lease<HttpCall, ClientHttpResponse> lease = mock();

	private final WatchedCall get = call(HttpMethod.GET);

	@BeforeEach
	void setUp() {
		given(this.lease.service()).willReturn(this.service);
	}

	@Test
	void retriesAfterLostConnectionsAreLimited() {
		Attempts attempts = new Attempts(RequestPolicy.DEFAULT, 1);
		assertThat(attempts.allowAnother(this.get, LOST, this.lease)).isTrue();
		assertThat(attempts.allowAnother(this.get, LOST, this.lease)).isFalse();
	}

	@Test
	void firstLossOfSharedConnectionIsNoRetry() {
		given(this.service.sharesConnection()).willReturn(true);
		Attempts attempts = new Attempts(RequestPolicy.DEFAULT, 1);
		assertThat(attempts.allowAnother(this.get, LOST, this.lease)).as("first loss").isTrue();
		assertThat(attempts.allowAnother(this.get, LOST, this.lease)).as("second loss").isTrue();
		assertThat(attempts.allowAnother(this.get, LOST, this.lease)).as("third loss").isFalse();
	}

	@Test
	void attemptAfterShutdownIsNoRetry() {
		Attempts attempts = new Attempts(RequestPolicy.DEFAULT, 1);
		for (int i = 1; i < 9; i++) {
			assertThat(attempts.allowAnother(this.get, SHUTDOWN, this.lease)).as("attempt %d", i).isTrue();
		}
		assertThat(attempts.allowAnother(this.get, LOST, this.lease)).isTrue();
		assertThat(attempts.allowAnother(this.get, SHUTDOWN, this.lease)).as("the tenth attempt was the last")
			.isFalse();
	}

	@Test
	void noAttemptFollowsLossWhenRetriesAreDisabled() {
		given(this.service.sharesConnection()).willReturn(true);
		assertThat(new Attempts(RequestPolicy.DEFAULT, 0).allowAnother(this.get, SHUTDOWN, this.lease)).isFalse();
		assertThat(new Attempts(RequestPolicy.DEFAULT, 0).allowAnother(this.get, LOST, this.lease)).isFalse();
	}

	@Test
	void noAttemptFollowsShutdownWhenRequestIsNotSafe() {
		assertThat(new Attempts(RequestPolicy.DEFAULT, 1).allowAnother(call(HttpMethod.POST), SHUTDOWN, this.lease))
			.isFalse();
	}

	@Test
	void timeoutIsRetriedOnlyIfConnectionHasEnded() {
		assertThat(new Attempts(RequestPolicy.DEFAULT, 1).allowAnother(this.get, TIMEOUT, this.lease)).isFalse();
		given(this.lease.hasConnectionEnded()).willReturn(true);
		assertThat(new Attempts(RequestPolicy.DEFAULT, 1).allowAnother(call(HttpMethod.POST), TIMEOUT, this.lease))
			.isFalse();
		Attempts attempts = new Attempts(RequestPolicy.DEFAULT, 1);
		assertThat(attempts.allowAnother(this.get, TIMEOUT, this.lease)).isTrue();
		assertThat(attempts.allowAnother(this.get, TIMEOUT, this.lease)).isFalse();
	}

	@Test
	void timeoutIsRepeatedOnlyIfPolicyContainsIt() {
		RequestPolicy policy = new RequestPolicy(Set.of(Outcome.NO_RESPONSE), Set.of(), Set.of(HttpMethod.GET), null,
				null, null);
		assertThat(new Attempts(RequestPolicy.DEFAULT, 1).allowAnother(this.get, TIMEOUT, this.lease)).isFalse();
		assertThat(new Attempts(policy, 1).allowAnother(this.get, TIMEOUT, this.lease)).isTrue();
		assertThat(new Attempts(policy, 1).allowAnother(this.get, LOST, this.lease)).isFalse();
	}

	@Test
	void statusesAndFailuresShareTheLimit() {
		Attempts attempts = new Attempts(RequestPolicy.DEFAULT, 2);
		assertThat(attempts.allowAnother(this.get)).isTrue();
		assertThat(attempts.allowAnother(this.get, LOST, this.lease)).isTrue();
		assertThat(attempts.allowAnother(this.get)).isFalse();
	}

	@Test
	void bodyThatCannotBeRepeatedIsSentOnce() {
		WatchedCall call = new WatchedCall(new HttpCall(URI.create("http://orders/"), HttpMethod.valueOf("QUERY"),
				new HttpHeaders(), Map.of(), (output) -> {
				}));
		assertThat(new Attempts(RequestPolicy.DEFAULT, 1).allowAnother(call, LOST, this.lease)).isFalse();
		assertThat(new Attempts(RequestPolicy.DEFAULT, 1).allowAnother(call)).isFalse();
	}

	private static WatchedCall call(HttpMethod method) {
		return new WatchedCall(new HttpCall(URI.create("http://orders/"), method, new HttpHeaders(), Map.of(), null));
	}

}
