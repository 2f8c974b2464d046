package dev.servicepool.spring.http.client;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Threads of one JDK client. Threads are created as needed, and an idle thread is kept
 * for one minute. The client also uses these threads to write bodies. Otherwise, Spring
 * would start one thread per body.
 * <p>
 * The threads belong to the {@link JdkServiceClient} that owns the client, and end when
 * the service is closed.
 */
final class ClientThreads implements Executor {

	private final String name;

	private final @Nullable ClassLoader contextClassLoader;

	private final AtomicInteger count = new AtomicInteger();

	private final ThreadPoolExecutor threads;

	/**
	 * Create an executor that starts threads as needed.
	 * @param name the prefix of the thread names
	 * @param contextClassLoader finds the classes and services of the application when a
	 * thread writes a body; {@code null} for the system class loader
	 */
	ClientThreads(String name, @Nullable ClassLoader contextClassLoader) {
		this.name = Objects.requireNonNull(name, "name");
		this.contextClassLoader = contextClassLoader;
		// Tasks must run even after the service is closed, because canceled requests and
		// requests of a client that cannot be closed end later.
		this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.MINUTES, new SynchronousQueue<>(),
				this::thread, (task, closed) -> thread(task).start());
	}

	/**
	 * Create a thread that inherits no thread-local values, because it serves requests of
	 * all callers. Since Java 19, such a thread inherits no context class loader, either.
	 */
	private Thread thread(Runnable task) {
		Thread thread = new Thread(null, task, this.name + this.count.incrementAndGet(), 0, false);
		thread.setDaemon(true);
		thread.setContextClassLoader(this.contextClassLoader);
		return thread;
	}

	@Override
	public void execute(Runnable task) {
		this.threads.execute(task);
	}

	/** End each thread when it is idle. */
	void close() {
		this.threads.shutdown();
	}

}
