package dev.servicepool.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that were lost with the only connection of a service. Servers end their
 * connections after the same number of requests, so that the connection of another
 * service may end as well.
 */
@Timeout(30)
class ReconnectTests {

	private static final IOException LOST = new IOException("GOAWAY received");

	private static final IOException UNREACHABLE = new ConnectException("Connection refused");

	private static final int REQUESTS = 10;

	private final PoolFixture fixture = PoolFixture
		.of(new FakeServices().each((service) -> service.sharesConnection = true),
				(pool) -> pool.minServices(2)
					.maxServices(2)
					.maxConcurrency(20)
					.loadMetric(LoadMetric.constant())
					.coldAfter(Duration.ofMinutes(10))
					.idleTimeout(Duration.ZERO)
					.failureClassifier(ReconnectTests::classify))
		.started();

	private Service<String, String> one;

	private Service<String, String> other;

	private static Outcome classify(Throwable failure) {
		return (failure == LOST) ? Outcome.CONNECTION_LOST
				: (failure == UNREACHABLE) ? Outcome.NOT_SENT : Outcome.SERVER_ERROR;
	}

	@BeforeEach
	void sendRequests() {
		this.fixture.after(Duration.ofMillis(1));
		this.one = this.fixture.services.get(0);
		this.other = this.fixture.services.get(1);
		this.fixture.leases(2).forEach(Lease::succeed);
		send(this.one);
		send(this.other);
	}

	@Test
	void lostRequestUsesNewConnectionRatherThanOldOne() throws Exception {
		Lease<String, String> lease = leaseOf(this.one);
		lose();
		assertThat(repeat(lease).service()).isSameAs(this.one);
	}

	@Test
	void lostRequestUsesYoungerConnection() throws Exception {
		lease(repeat(leaseOf(this.other)), this.other).succeed();
		Lease<String, String> lease = leaseOf(this.one);
		lose();
		assertThat(repeat(lease).service()).isSameAs(this.other);
	}

	@Test
	void lostRequestsWaitForFirstResponseOfNewConnection() throws Exception {
		Lost lost = loseAll(3);
		assertThat(this.fixture.lease().service()).as("a new request may use the other service").isSameAs(this.other);
		lost.first().recordResponse();
		assertThat(lost.others()).hasSize(2).allMatch((lease) -> lease.service() == this.one);
	}

	@Test
	void lostRequestUsesOldConnectionIfNewOneIsLost() throws Exception {
		Lost lost = loseAll(2);
		lose();
		lost.first().fail(LOST);
		lost.others().forEach(Lease::succeed);
		assertThat(this.fixture.snapshot().load().inFlight()).isZero();
	}

	@Test
	void lostRequestUsesOldConnectionIfNewOneIsSlow() throws Exception {
		Lost lost = loseAll(2);
		this.fixture.after(Duration.ofMillis(500));
		assertThat(lost.others()).hasSize(1).allMatch((lease) -> lease.service() == this.other);
	}

	@Test
	void lostRequestUsesOtherServiceIfItsServiceIsRetired() throws Exception {
		Lost lost = loseAll(2);
		this.fixture.pool.retarget(List.of(Target.of("new")));
		this.fixture.settle();
		assertThat(lost.others()).hasSize(1).noneMatch((lease) -> lease.service() == this.one);
	}

	@Test
	void requestsOfLostConnectionKnowThatItHasEnded() {
		Lease<String, String> before = leaseOf(this.one);
		lose();
		leaseOf(this.one).fail(LOST);
		assertThat(before.hasConnectionEnded()).isTrue();
		before.close();
		this.fixture.after(Duration.ofMillis(1));
		assertThat(leaseOf(this.one).hasConnectionEnded()).as("a request over the next connection").isFalse();
		assertThat(leaseOf(this.other).hasConnectionEnded()).as("a request of another service").isFalse();
	}

	@Test
	void unsentRequestShowsThatConnectionHasEnded() {
		Lease<String, String> before = leaseOf(this.one);
		lose();
		leaseOf(this.one).fail(UNREACHABLE);
		assertThat(before.hasConnectionEnded()).isTrue();
	}

	@Test
	void requestOfOneOfSeveralConnectionsDoesNotKnowItsEnd() {
		PoolFixture separate = PoolFixture
			.of((pool) -> pool.maxConcurrency(2)
				.loadMetric(LoadMetric.constant())
				.failureClassifier(ReconnectTests::classify))
			.started();
		Lease<String, String> before = separate.lease();
		separate.after(Duration.ofMillis(1));
		separate.lease().fail(LOST);
		assertThat(before.hasConnectionEnded()).isFalse();
	}

	/**
	 * Requests whose connection is lost, sent again in the order in which they are
	 * served.
	 */
	private final class Lost {

		private final BlockingQueue<Lease<String, String>> served = new LinkedBlockingQueue<>();

		private final List<Thread> threads = new ArrayList<>();

		private final Lease<String, String> first;

		Lost(List<Lease<String, String>> leases) throws InterruptedException {
			for (Lease<String, String> lease : leases) {
				Thread thread = new Thread(() -> repeat(lease));
				thread.start();
				this.threads.add(thread);
			}
			this.first = this.served.take();
			assertThat(this.first.service()).isSameAs(ReconnectTests.this.one);
			Await.until(() -> ReconnectTests.this.fixture.pool.snapshot().load().waiting() == leases.size() - 1);
		}

		private void repeat(Lease<String, String> lease) {
			try {
				this.served.add(ReconnectTests.repeat(lease));
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		Lease<String, String> first() {
			return this.first;
		}

		List<Lease<String, String>> others() throws InterruptedException {
			for (Thread thread : this.threads) {
				thread.join();
			}
			return List.copyOf(this.served);
		}

	}

	private Lost loseAll(int requests) throws InterruptedException {
		List<Lease<String, String>> leases = new ArrayList<>();
		for (int i = 0; i < requests; i++) {
			leases.add(leaseOf(this.one));
		}
		lose();
		return new Lost(leases);
	}

	private void send(Service<String, String> service) {
		for (int i = 0; i < REQUESTS; i++) {
			leaseOf(service).succeed();
		}
	}

	private void lose() {
		this.fixture.after(Duration.ofMillis(1));
	}

	/** Acquire a lease of a service, whose connections carry the same requests. */
	private Lease<String, String> leaseOf(Service<String, String> wanted) {
		for (;;) {
			Lease<String, String> lease = this.fixture.lease();
			if (lease.service() == wanted) {
				return lease;
			}
			lease.succeed();
		}
	}

	private static Lease<String, String> lease(Lease<String, String> lease, Service<String, String> expected) {
		assertThat(lease.service()).isSameAs(expected);
		return lease;
	}

	private static Lease<String, String> repeat(Lease<String, String> lease) throws InterruptedException {
		return lease.awaitOther(LOST, (target) -> false);
	}

}
