package dev.servicepool.benchmarks.http;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.client.RestClient;

/**
 * Calls a client that sends nothing, so that only the overhead is measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RestClientBenchmark {

	@Param
	Way way;

	private ConfigurableApplicationContext application;

	private RestClient client;

	private String uri;

	@Setup
	public void setUp() {
		this.application = Application.start(this.way.pooled);
		this.client = this.way.client(this.application);
		this.uri = this.way.uri;
	}

	@TearDown
	public void tearDown() {
		this.application.close();
	}

	@Benchmark
	public String call() {
		return this.client.get().uri(this.uri).retrieve().body(String.class);
	}

}
