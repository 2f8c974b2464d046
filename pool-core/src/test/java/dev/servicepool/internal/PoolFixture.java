package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolListener;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolEvent.Type;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pool of fake services in fake time. The test controls the clock and the executor, so
 * that each task runs only when the test runs it.
 */
final class PoolFixture {

	final FakeTime time = new FakeTime();

	final ManualExecutor executor = new ManualExecutor();

	final FakeServices services;

	final List<PoolEvent> events = new ArrayList<>();

	final Pool<String, String> pool;

	private PoolFixture(FakeServices services, PoolBuilder builder) {
		this.services = services;
		this.pool = builder.ticker(this.time)
			.clock(this.time)
			.scheduler(this.time)
			.executor(this.executor)
			.random(new Random(42))
			.listener(new PoolListener() {
				@Override
				public void onEvent(PoolEvent event) {
					PoolFixture.this.events.add(event);
				}
			})
			.build(services);
	}

	static PoolFixture of(UnaryOperator<PoolBuilder> options) {
		return of(new FakeServices(), options);
	}

	static PoolFixture of(FakeServices services, UnaryOperator<PoolBuilder> options) {
		return new PoolFixture(services, options.apply(Pool.builder().name("test")));
	}

	/** Start the pool and create its first services. */
	PoolFixture started() {
		this.pool.start();
		this.executor.runAll();
		return this;
	}

	/** Run all tasks that the pool has submitted. */
	PoolFixture settle() {
		this.executor.runAll();
		return this;
	}

	/**
	 * Advance the time second by second, and run the tasks of the pool after each one.
	 */
	PoolFixture pass(Duration duration) {
		for (long second = 0; second < duration.toSeconds(); second++) {
			after(Duration.ofSeconds(1));
		}
		return this;
	}

	/** Acquire leases until the pool has this number of services, and release them. */
	PoolFixture scaleUp(int services) {
		while (total() < services) {
			List<Lease<String, String>> leases = new ArrayList<>();
			for (Lease<String, String> lease = this.pool.tryAcquire(); lease != null
					&& this.executor.size() == 0; lease = this.pool.tryAcquire()) {
				leases.add(lease);
			}
			while (this.executor.size() == 0) {
				miss();
			}
			settle();
			leases.forEach(Lease::close);
		}
		return this;
	}

	/** Acquire leases until the pool begins to create a service because of the load. */
	PoolFixture scaleUpUntilCreation() {
		while (this.executor.size() == 0) {
			this.pool.tryAcquire();
		}
		return this;
	}

	PoolFixture after(Duration duration) {
		this.time.advance(duration);
		return settle();
	}

	/**
	 * Request a service as a caller that does not block, settled or in the wait queue.
	 */
	Waiter<String, String> ask() {
		return acquirer().acquire(true);
	}

	/** Acquire a lease as a caller that is served immediately. */
	Lease<String, String> lease() {
		Lease<String, String> lease = this.pool.tryAcquire();
		assertThat(lease).as("lease without waiting").isNotNull();
		return lease;
	}

	Lease<String, String> lease(Waiter<String, String> waiter) {
		return ((DefaultPool<String, String>) this.pool).lease(waiter);
	}

	List<Lease<String, String>> leases(int count) {
		List<Lease<String, String>> leases = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			leases.add(lease());
		}
		return leases;
	}

	/** Request a service as a caller that finds none ready. */
	PoolFixture miss() {
		assertThat(this.pool.tryAcquire()).as("no lease").isNull();
		return this;
	}

	PoolFixture miss(int times) {
		for (int i = 0; i < times; i++) {
			miss();
		}
		return this;
	}

	/** Acquire and release leases of callers that are served immediately. */
	PoolFixture hit(int times) {
		for (int i = 0; i < times; i++) {
			lease().succeed();
		}
		return this;
	}

	Acquirer<String, String> acquirer() {
		return ((DefaultPool<String, String>) this.pool).acquirer();
	}

	/** Perform the work that is due. */
	void tick() {
		((DefaultPool<String, String>) this.pool).tasks().tick();
	}

	/** Return the state after the work that is due, which reading does not perform. */
	PoolSnapshot snapshot() {
		tick();
		return this.pool.snapshot();
	}

	int total() {
		return snapshot().size().live();
	}

	/** Return the state of the first service of a target. */
	PoolSnapshot.ServiceSnapshot.State state(String target) {
		return snapshot().services()
			.stream()
			.filter((service) -> service.target().equals(target))
			.findFirst()
			.orElseThrow()
			.state();
	}

	double load() {
		return snapshot().load().estimate();
	}

	List<Type> decisions() {
		return this.events.stream().map(PoolEvent::type).toList();
	}

	long count(Type type) {
		return this.events.stream().filter((event) -> event.type() == type).count();
	}

}
