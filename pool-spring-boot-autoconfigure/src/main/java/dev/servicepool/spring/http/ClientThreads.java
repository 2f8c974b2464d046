package dev.servicepool.spring.http;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one client of the JDK: as many as it has work for, each kept for a
 * minute after its last. Bodies are written on them as well, for which Spring would
 * otherwise start a thread each.
 * <p>
 * They belong to the {@link HttpClientService} that the client is given to, and go when
 * that is closed.
 */
public final class ClientThreads implements Executor {

	private final String name;

	private final AtomicInteger count = new AtomicInteger();

	private final ThreadPoolExecutor threads;

	/**
	 * Create threads, or rather the promise of some.
	 * @param name what the names of the threads begin with
	 */
	public ClientThreads(String name) {
		this.name = Objects.requireNonNull(name, "name");
		// Requests that are cut, and those of a client that cannot be closed, end after
		// the service has gone: what is left to do for them must be done.
		this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.MINUTES, new SynchronousQueue<>(),
				this::thread, (task, closed) -> thread(task).start());
	}

	/** A thread serves requests of all callers, so it takes over nothing from one. */
	private Thread thread(Runnable task) {
		Thread thread = new Thread(null, task, this.name + this.count.incrementAndGet(), 0, false);
		thread.setDaemon(true);
		return thread;
	}

	@Override
	public void execute(Runnable task) {
		this.threads.execute(task);
	}

	/** Let each thread go when it has nothing to do. */
	void close() {
		this.threads.shutdown();
	}

}
