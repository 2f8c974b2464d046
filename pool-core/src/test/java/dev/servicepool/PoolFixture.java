package dev.servicepool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

import dev.servicepool.PoolEvent.Type;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pool of fake services in fake time, with the executor in the test's hands. Nothing
 * happens but what the test makes happen.
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

	/** A pool that has its first services. */
	PoolFixture started() {
		this.pool.start();
		this.executor.runAll();
		return this;
	}

	/** Let the pool do what it has to do now. */
	PoolFixture settle() {
		this.executor.runAll();
		return this;
	}

	/** Let time pass second by second, and the pool do what it has to do meanwhile. */
	PoolFixture pass(Duration duration) {
		for (long second = 0; second < duration.toSeconds(); second++) {
			after(Duration.ofSeconds(1));
		}
		return this;
	}

	/** Have callers come until there are so many services, and go. */
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

	PoolFixture after(Duration duration) {
		this.time.advance(duration);
		return settle();
	}

	/** A caller who does not block: settled, or in the queue. */
	Waiter<String, String> ask() {
		return engine().ask(true);
	}

	/** A caller who is served at once. */
	Lease<String, String> lease() {
		Lease<String, String> lease = this.pool.tryAcquire();
		assertThat(lease).as("a lease at once").isNotNull();
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

	/** A caller who finds nothing ready. */
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

	/** Callers who are served at once and go at once. */
	PoolFixture hit(int times) {
		for (int i = 0; i < times; i++) {
			lease().succeed();
		}
		return this;
	}

	PoolEngine<String, String> engine() {
		return ((DefaultPool<String, String>) this.pool).engine();
	}

	PoolSnapshot snapshot() {
		return this.pool.snapshot();
	}

	int total() {
		return snapshot().size().live();
	}

	double load() {
		return snapshot().loadEstimate();
	}

	List<Type> decisions() {
		return this.events.stream().map(PoolEvent::type).toList();
	}

	long count(Type what) {
		return this.events.stream().filter((event) -> event.type() == what).count();
	}

}
