package dev.servicepool.spring.http.client;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Threads and timer that the Jetty clients of one pool share. They run as long as there
 * is a client. Otherwise, each client would start a pool of threads of its own.
 */
final class JettyThreads {

	private final QueuedThreadPool threads;

	private final Scheduler timer;

	/** Number of clients. Guarded by this. */
	private int clients;

	JettyThreads(String pool) {
		String name = "pool-" + pool + "-client";
		// Each client occupies threads permanently, and the pool limits its clients.
		this.threads = new QueuedThreadPool(Integer.MAX_VALUE, 1);
		this.threads.setName(name);
		this.threads.setDaemon(true);
		this.timer = new ScheduledExecutorScheduler(name + "-timer", true);
	}

	/** Record a new client, and start the threads for the first one. */
	synchronized void acquire() {
		if (this.clients++ == 0) {
			LifeCycle.start(this.threads);
			LifeCycle.start(this.timer);
		}
	}

	/** Record that a client is closed, and stop the threads after the last one. */
	synchronized void release() {
		if (--this.clients == 0) {
			LifeCycle.stop(this.timer);
			LifeCycle.stop(this.threads);
		}
	}

	/** Let a client use the threads, unless the application configures others. */
	void configure(HttpClient client) {
		if (client.getExecutor() == null) {
			client.setExecutor(this.threads);
		}
		if (client.getScheduler() == null) {
			client.setScheduler(this.timer);
		}
	}

}
