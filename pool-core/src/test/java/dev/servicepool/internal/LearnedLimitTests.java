package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.servicepool.Lease;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The concurrency limit with which a new service starts, after other services of its
 * target have learned theirs.
 */
class LearnedLimitTests {

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.targets(Target.of("a"), Target.of("b"))
			.minServices(6)
			.maxServices(6)
			.maxConcurrency(20)
			.brokenWhen((cause) -> cause instanceof IOException)
			.idleTimeout(Duration.ZERO))
		.started()
		.settle();

	@Test
	void newServiceStartsWithLowestLimitOfTwoServices() {
		refuse(1, 12);
		refuse(3, 8);
		assertThat(newLimit("a")).isEqualTo(8);
		assertThat(joined()).isEqualTo("for a, ready, with a concurrency limit of 8 that other services have learned");
	}

	@Test
	void raisedLimitAppliesToNewService() {
		refuse(1, 8);
		refuse(3, 8);
		this.fixture.after(Duration.ofSeconds(10));
		raise(1);
		raise(3);
		assertThat(newLimit("a")).isEqualTo(9);
	}

	@Test
	void limitOfOneServiceAppliesToThisServiceOnly() {
		refuse(1, 8);
		assertThat(newLimit("a")).isEqualTo(20);
		assertThat(joined()).isEqualTo("for a, ready");
	}

	@Test
	void limitDoesNotApplyToOtherTarget() {
		refuse(1, 8);
		refuse(3, 8);
		assertThat(newLimit("b")).isEqualTo(20);
	}

	@Test
	void limitsOfTwoTargetsAreNoEvidence() {
		refuse(1, 8);
		refuse(2, 8);
		assertThat(newLimit("a")).isEqualTo(20);
	}

	@Test
	void limitDoesNotApplyAfterOneMinute() {
		refuse(1, 8);
		this.fixture.after(Duration.ofSeconds(31));
		refuse(3, 8);
		this.fixture.after(Duration.ofSeconds(30));
		assertThat(newLimit("a")).isEqualTo(20);
	}

	@Test
	void limitThatOneOtherRequestRevealedDoesNotApply() {
		refuse(1, 1);
		refuse(3, 8);
		assertThat(newLimit("a")).isEqualTo(20);
	}

	/** Refuse one request of a service while a number of others is in flight. */
	private void refuse(long id, int others) {
		List<Lease<String, String>> leases = allLeases();
		List<Lease<String, String>> own = leases.stream().filter((lease) -> isOf(id, lease)).toList();
		own.subList(others + 1, own.size()).forEach(Lease::succeed);
		((PoolLease<String, String>) own.get(0)).endRefused();
		leases.forEach(Lease::close);
	}

	/** Have a caller find all permits of a service in use. */
	private void raise(long id) {
		List<Lease<String, String>> leases = allLeases();
		leases.stream().filter((lease) -> isOf(id, lease)).findFirst().orElseThrow().succeed();
		leases.forEach(Lease::close);
	}

	private List<Lease<String, String>> allLeases() {
		return Stream.generate(this.fixture.pool::tryAcquire).takeWhile(Objects::nonNull).toList();
	}

	private boolean isOf(long id, Lease<String, String> lease) {
		return lease.service() == this.fixture.services.get((int) id - 1);
	}

	/** Replace the last service of a target, and return the limit of its successor. */
	private int newLimit(String target) {
		long last = target.equals("a") ? 5 : 6;
		List<Lease<String, String>> leases = allLeases();
		leases.stream().filter((lease) -> isOf(last, lease)).findFirst().orElseThrow().fail(new IOException());
		leases.forEach(Lease::close);
		this.fixture.settle();
		return this.fixture.snapshot().services().get(5).load().limit().orElseThrow();
	}

	private String joined() {
		return this.fixture.events.stream()
			.filter((event) -> event.type() == Type.JOINED)
			.reduce((first, second) -> second)
			.map(PoolEvent::message)
			.orElseThrow();
	}

}
