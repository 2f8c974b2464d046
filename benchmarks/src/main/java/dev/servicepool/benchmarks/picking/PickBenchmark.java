package dev.servicepool.benchmarks.picking;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Picks one of several services, all of which are ready.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PickBenchmark {

	@Param
	Pickers picker;

	@Param("8")
	int services;

	private Supplier<Object> picks;

	@Setup
	public void setUp() {
		this.picks = this.picker.create(this.services);
	}

	@Benchmark
	public Object pick() {
		return this.picks.get();
	}

}
