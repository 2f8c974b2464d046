package dev.servicepool.benchmarks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Kinds of threads that run callers.
 */
public enum Threads {

	/** Platform threads, which are reused. */
	PLATFORM("newCachedThreadPool"),

	/** Virtual threads, which require Java 21 or later. */
	VIRTUAL("newVirtualThreadPerTaskExecutor");

	private final String method;

	Threads(String method) {
		this.method = method;
	}

	/**
	 * Create an executor that runs each task on a thread of its own.
	 * @return the executor, which the caller must shut down
	 * @throws ReflectiveOperationException if this version of Java has no such threads
	 */
	public ExecutorService executor() throws ReflectiveOperationException {
		return (ExecutorService) Executors.class.getMethod(this.method).invoke(null);
	}

}
