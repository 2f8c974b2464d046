package dev.servicepool.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Default executor of a pool: one daemon thread per running task, and no threads while no
 * task runs.
 */
final class DaemonThreads implements ThreadFactory {

	private static final int KEEP_ALIVE_SECONDS = 5;

	private final String pool;

	private final AtomicInteger count = new AtomicInteger();

	private DaemonThreads(String pool) {
		this.pool = pool;
	}

	static ExecutorService executor(String pool) {
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), new DaemonThreads(pool));
	}

	@Override
	public Thread newThread(Runnable task) {
		Thread thread = new Thread(task, "pool-" + this.pool + "-" + this.count.incrementAndGet());
		thread.setDaemon(true);
		return thread;
	}

}
