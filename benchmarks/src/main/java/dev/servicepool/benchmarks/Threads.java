package dev.servicepool.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The kinds of threads.
 */
public enum Threads {

	/** Those of the platform, used again. */
	PLATFORM {

		@Override
		public ExecutorService executor() {
			return Executors.newCachedThreadPool();
		}

	},

	/** Virtual ones, which there are since Java 21. */
	VIRTUAL {

		@Override
		public ExecutorService executor() {
			try {
				return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
			}
			catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
				throw new IllegalStateException("There are virtual threads since Java 21", ex);
			}
		}

	};

	/**
	 * Return an executor that runs each task on a thread of its own.
	 * @return an executor, to be shut down
	 */
	public abstract ExecutorService executor();

}
