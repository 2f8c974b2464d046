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
 * Real calls to a server in the same JVM.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LoopbackBenchmark {

	/** What sends the calls. */
	public enum Client {

		/** As if there were no pools. */
		PLAIN,

		/** A pool for the one server. */
		POOLED

	}

	@Param
	Client client;

	@Param
	HttpClient.Version version;

	private Server server;

	private ConfigurableApplicationContext application;

	private RestClient restClient;

	private String uri;

	@Setup
	public void setUp() {
		this.server = new Server();
		this.application = Loopback.start(this.client == Client.POOLED, this.version, this.server.address());
		this.restClient = this.application.getBean(RestClient.Builder.class).build();
		this.uri = this.server.address() + "/quotes";
		// The JDK's client would open a connection for each that comes at once at first.
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
