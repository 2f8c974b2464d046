package dev.servicepool.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * What it costs to read the clock twice, as a latency needs.
 */
public class ClockBenchmark {

	@Benchmark
	public long readTwice() {
		return System.nanoTime() - System.nanoTime();
	}

}
