package dev.servicepool.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for requests that are sent again, but only to the same target.
 */
@Timeout(60)
class KeptTargetTests {

	private static final IOException LOST = new IOException("lost");

	private static final IOException UNREACHABLE = new ConnectException("Connection refused");

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.targets(Target.of("a"), Target.of("b"))
			.minServices(4)
			.maxConcurrency(2)
			.loadMetric(LoadMetric.constant())
			.idleTimeout(Duration.ZERO)
			.failureClassifier((failure) -> (failure == LOST) ? Outcome.CONNECTION_LOST : Outcome.NOT_SENT))
		.started();

	@Test
	void repeatedRequestPrefersOtherServiceOfTarget() throws InterruptedException {
		for (int i = 0; i < 10; i++) {
			Lease<String, String> lease = this.fixture.lease();
			lease.keepTarget();
			Lease<String, String> other = repeat(lease, LOST);
			assertThat(other).isNotNull();
			assertThat(other.target()).isEqualTo(lease.target());
			assertThat(other.service()).isNotSameAs(lease.service());
			other.succeed();
		}
	}

	@Test
	void unsentRequestHasNoOtherTarget() throws InterruptedException {
		Lease<String, String> lease = this.fixture.lease();
		lease.keepTarget();
		assertThat(repeat(lease, UNREACHABLE)).isNull();
		assertThat(lease.fail(UNREACHABLE)).as("the lease is still active").isTrue();
	}

	@Test
	void refusedRequestWaitsForServiceOfTarget() throws Exception {
		Lease<String, String> refused = leaseOf("a");
		refused.keepTarget();
		Lease<String, String> busy = leaseOf("a");
		leaseOf("a");
		leaseOf("a");
		FutureTask<Lease<String, String>> again = new FutureTask<>(refused::awaitLeaseAfterRefusal);
		new Thread(again).start();
		Await.until(() -> this.fixture.pool.snapshot().load().waiting() == 1);
		assertThat(leaseOf("b")).as("the other target is ready").isNotNull();
		busy.succeed();
		assertThat(again.get(10, TimeUnit.SECONDS).target()).isEqualTo(Target.of("a"));
	}

	private static @Nullable Lease<String, String> repeat(Lease<String, String> lease, IOException cause)
			throws InterruptedException {
		return lease.awaitOther(cause, (target) -> !target.equals(lease.target()));
	}

	private Lease<String, String> leaseOf(String target) {
		Lease<String, String> lease = this.fixture.pool.tryAcquire((each) -> each.name().equals(target));
		assertThat(lease).isNotNull();
		return lease;
	}

}
