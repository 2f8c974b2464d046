package dev.servicepool.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.servicepool.benchmarks.contender.Contender;
import dev.servicepool.benchmarks.contender.Contenders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Acquires and releases a service, without work in between.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AcquireBenchmark {

	@Param
	Contenders contender;

	@Param("8")
	int services;

	/** Percentage of the services that other callers have acquired during the run. */
	@Param("0")
	int busy;

	private Contender pool;

	private final List<Object> active = new ArrayList<>();

	@Setup
	public void setUp() throws Exception {
		this.pool = this.contender.create(this.services);
		for (int i = 0; i < this.services * this.busy / 100; i++) {
			this.active.add(this.pool.acquire());
		}
	}

	@TearDown
	public void tearDown() throws Exception {
		for (Object acquired : this.active) {
			this.pool.release(acquired);
		}
		this.pool.close();
	}

	@Benchmark
	public Object acquireAndRelease() throws Exception {
		Object acquired = this.pool.acquire();
		this.pool.release(acquired);
		return acquired;
	}

}
