package dev.servicepool.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.servicepool.benchmarks.contender.Contender;
import dev.servicepool.benchmarks.contender.Contenders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Acquires and releases a service, without work in between. The callers do not run on
 * JMH's own threads, because these call without a pause. If they were virtual, the first
 * ones would prevent the others from starting.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CallersBenchmark {

	private static final int SERVICES = 8;

	private static final int CALLS = 1 << 15;

	@Param
	Contenders contender;

	@Param("8")
	int callers;

	@Param
	Threads threads;

	private Contender pool;

	private ExecutorService executor;

	private final List<Callable<Void>> tasks = new ArrayList<>();

	@Setup
	public void setUp() throws ReflectiveOperationException {
		this.pool = this.contender.create(SERVICES);
		this.executor = this.threads.executor();
		for (int i = 0; i < this.callers; i++) {
			this.tasks.add(this::call);
		}
	}

	@TearDown
	public void tearDown() {
		this.executor.shutdown();
		this.pool.close();
	}

	private Void call() throws Exception {
		for (int i = 0; i < CALLS / this.callers; i++) {
			this.pool.release(this.pool.acquire());
		}
		return null;
	}

	@Benchmark
	@OperationsPerInvocation(CALLS)
	public void acquireAndRelease() throws Exception {
		for (Future<Void> result : this.executor.invokeAll(this.tasks)) {
			result.get();
		}
	}

}
