package dev.servicepool.benchmarks.http;

import java.net.http.HttpClient;
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
 * Calls a server in the same JVM over the loopback interface.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LoopbackBenchmark {

	/** Client without pools, or with a pool for the server. */
	@Param({ "plain", "pooled" })
	String client;

	@Param
	HttpClient.Version version;

	private Server server;

	private ConfigurableApplicationContext application;

	private RestClient restClient;

	private String uri;

	@Setup
	public void setUp() {
		this.server = new Server();
		this.application = Loopback.start(this.client.equals("pooled"), this.version, this.server.address());
		this.restClient = this.application.getBean(RestClient.Builder.class).build();
		this.uri = this.server.address() + "/quotes";
		// Without this call, the JDK's client would open one connection for each of the
		// first concurrent calls.
		call();
	}

	@TearDown
	public void tearDown() {
		this.application.close();
		this.server.close();
	}

	@Benchmark
	public String call() {
		return this.restClient.get().uri(this.uri).retrieve().body(String.class);
	}

}
