package dev.servicepool.benchmarks.picking;

import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.servicepool.load.LoadTracker;
import dev.servicepool.load.LoadTracker.Outcome;
import dev.servicepool.load.LoadMetric;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Records one request with the load tracker of a service. One operation reads the load
 * twice, starts a request, and completes it. The load is read twice because the power of
 * two choices compares two candidates. Each tracker reads the clock as often as it needs
 * to.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TrackerBenchmark {

	private LoadTracker pool;

	private FinagleTracker finagle;

	@Setup
	public void setUp() throws Throwable {
		this.pool = LoadMetric.peakEwma().newTracker(List.of(), System.nanoTime());
		this.finagle = new FinagleTracker();
	}

	@Benchmark
	public double finaglePeakEwma() throws Throwable {
		double loads = this.finagle.load() + this.finagle.load();
		this.finagle.end(this.finagle.start());
		return loads;
	}

	@Benchmark
	public double poolPeakEwma() {
		long start = System.nanoTime();
		double loads = this.pool.load(start, 0) + this.pool.load(start, 1);
		this.pool.started(start);
		this.pool.completed(start, System.nanoTime(), Outcome.RESPONDED);
		return loads;
	}

}
