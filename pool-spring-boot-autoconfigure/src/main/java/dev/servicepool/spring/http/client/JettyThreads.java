package dev.servicepool.spring.http.client;

import java.util.function.Supplier;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Threads, timer, and selector that the Jetty clients of one pool share. They run as long
 * as there is a client. Otherwise, each client would start a pool of threads of its own,
 * and would occupy one of these threads permanently to wait for network events.
 */
final class JettyThreads {

	private final QueuedThreadPool threads;

	private final Scheduler timer;

	/** Number of clients. Guarded by this. */
	private int clients;

	/**
	 * Selector of the connections of all clients, created by the connector of the client
	 * that starts first. Guarded by this.
	 */
	private @Nullable SelectorManager selector;

	JettyThreads(String pool) {
		String name = "pool-" + pool + "-client";
		// The pool limits its clients and their requests.
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
			LifeCycle.stop(this.selector);
			this.selector = null;
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

	/**
	 * Return a connector that uses the selector, if its client uses the threads.
	 * @param configured the connector as the application configures it
	 */
	ClientConnector share(ClientConnector configured) {
		return new SharingConnector(configured);
	}

	/** Return the selector, which the connectors do not stop because it is started. */
	private synchronized SelectorManager selector(Supplier<SelectorManager> factory) {
		SelectorManager selector = this.selector;
		if (selector == null) {
			selector = factory.get();
			LifeCycle.start(selector);
			this.selector = selector;
		}
		return selector;
	}

	/** Connector with connections of its own and the selector of all clients. */
	private final class SharingConnector extends ClientConnector {

		SharingConnector(ClientConnector configured) {
			setExecutor(configured.getExecutor());
			setScheduler(configured.getScheduler());
			setByteBufferPool(configured.getByteBufferPool());
			setSslContextFactory(configured.getSslContextFactory());
			setSelectors(configured.getSelectors());
			setConnectBlocking(configured.isConnectBlocking());
			setConnectTimeout(configured.getConnectTimeout());
			setIdleTimeout(configured.getIdleTimeout());
			setBindAddress(configured.getBindAddress());
			setTCPNoDelay(configured.isTCPNoDelay());
			setReuseAddress(configured.getReuseAddress());
			setReusePort(configured.isReusePort());
			setReceiveBufferSize(configured.getReceiveBufferSize());
			setSendBufferSize(configured.getSendBufferSize());
			configured.getEventListeners().forEach(this::addEventListener);
		}

		@Override
		protected SelectorManager newSelectorManager() {
			boolean shared = getExecutor() == JettyThreads.this.threads && getScheduler() == JettyThreads.this.timer;
			return shared ? selector(super::newSelectorManager) : super.newSelectorManager();
		}

	}

}
