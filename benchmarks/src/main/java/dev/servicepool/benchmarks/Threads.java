package dev.servicepool.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Kinds of threads that run callers.
 */
public enum Threads {

	/** Platform threads, which are reused. */
	PLATFORM {

		@Override
		public ExecutorService executor() {
			return Executors.newCachedThreadPool();
		}

	},

	/** Virtual threads, which require Java 21 or later. */
	VIRTUAL {

		@Override
		public ExecutorService executor() {
			try {
				return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
			}
			catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
				throw new IllegalStateException(
						"Virtual threads require Java 21 or later but the version was " + Runtime.version().feature(),
						ex);
			}
		}

	};

	/**
	 * Create an executor that runs each task on a thread of its own.
	 * @return the executor, which the caller must shut down
	 */
	public abstract ExecutorService executor();

}
