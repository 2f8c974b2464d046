package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The hint about servers that end each connection after the same number of requests.
 */
class KeepAliveHintTests {

	private static final IOException LOST = new IOException("GOAWAY received");

	private final LogRecords log = new LogRecords();

	private final FakeServices services = new FakeServices().each((service) -> service.sharesConnection = true);

	private final PoolFixture fixture = PoolFixture
		.of(this.services,
				(pool) -> pool.targets(Target.of("a"), Target.of("b"))
					.minServices(2)
					.maxServices(2)
					.maxConcurrency(20)
					.failureClassifier((cause) -> (cause == LOST) ? Outcome.CONNECTION_LOST : Outcome.SERVER_ERROR))
		.started()
		.settle();

	@AfterEach
	void close() {
		this.log.close();
	}

	@Test
	void hintNamesNumberAndSettingAfterThreeConnections() {
		endConnection("a", 1000, 1);
		endConnection("a", 1040, 1);
		assertThat(this.log.messages()).isEmpty();
		endConnection("a", 1020, 1);
		assertThat(this.log.messages()).containsExactly("INFO Pool 'test': a ended 3 connections in a row after about"
				+ " 1000 requests each. Set maxRequestsPerService to a lower number, such as 500, so that the pool"
				+ " replaces each service before its connection ends.");
	}

	@Test
	void hintIsLoggedOncePerTarget() {
		for (int connection = 0; connection < 9; connection++) {
			endConnection("a", 100, 1);
			endConnection("b", 300, 1);
		}
		assertThat(this.log.messages()).hasSize(2);
	}

	@Test
	void requestsOfOneConnectionCountOnce() {
		for (int connection = 0; connection < 2; connection++) {
			endConnection("a", 100, 20);
		}
		assertThat(this.log.messages()).isEmpty();
		endConnection("a", 100, 20);
		assertThat(this.log.messages()).hasSize(1);
	}

	@Test
	void hintIsNotLoggedWhenNumbersDiffer() {
		for (int connection = 0; connection < 9; connection++) {
			endConnection("a", 100 + 6 * (connection % 2), 1);
		}
		assertThat(this.log.messages()).isEmpty();
	}

	@Test
	void hintIsNotLoggedForFewRequests() {
		for (int connection = 0; connection < 9; connection++) {
			endConnection("a", 19, 1);
		}
		assertThat(this.log.messages()).isEmpty();
	}

	@Test
	void hintIsNotLoggedWhenServiceHasSeveralConnections() {
		this.services.created.forEach((service) -> service.sharesConnection = false);
		for (int connection = 0; connection < 9; connection++) {
			endConnection("a", 100, 1);
		}
		assertThat(this.log.messages()).isEmpty();
	}

	@Test
	void hintChangesNothing() {
		for (int connection = 0; connection < 9; connection++) {
			endConnection("a", 100, 1);
		}
		assertThat(this.fixture.pool.settings().maxRequestsPerService()).isZero();
		assertThat(this.services.created).hasSize(2);
	}

	/** Send requests over a connection, the last of which lose it. */
	private void endConnection(String target, int requests, int lost) {
		for (int request = 0; request < requests - lost; request++) {
			lease(target).succeed();
		}
		this.fixture.after(Duration.ofMillis(1));
		List<Lease<String, String>> last = Stream.generate(() -> lease(target)).limit(lost).toList();
		this.fixture.after(Duration.ofMillis(1));
		last.forEach((lease) -> lease.fail(LOST));
		this.fixture.after(Duration.ofMillis(1));
	}

	private Lease<String, String> lease(String target) {
		return Objects.requireNonNull(this.fixture.pool.tryAcquire((each) -> each.name().equals(target)));
	}

}
