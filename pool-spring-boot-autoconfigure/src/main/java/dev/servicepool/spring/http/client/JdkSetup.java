package dev.servicepool.spring.http.client;

import java.net.CookieHandler;
import java.net.http.HttpClient;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Sets up the JDK clients of a pool. Each client has its own threads, unless the
 * application configures an executor for its clients. All clients share their cookies if
 * cookie handling is enabled, because callers do not select the service of their next
 * request.
 */
final class JdkSetup implements Consumer<HttpClient.Builder> {

	private final String threads;

	/** The class loader of the thread that starts the application. */
	private final @Nullable ClassLoader contextClassLoader = Thread.currentThread().getContextClassLoader();

	/**
	 * What the application configures; {@code null} until this is known. One client is
	 * enough to find out, because the clients of a pool are built alike. Guarded by this.
	 */
	private @Nullable Configured configured;

	private record Configured(boolean executor, @Nullable CookieHandler cookies) {

	}

	JdkSetup(String pool) {
		this.threads = "pool-" + pool + "-client-";
	}

	@Override
	public void accept(HttpClient.Builder client) {
		Configured configured = configured(client);
		if (!configured.executor()) {
			client.executor(new ClientThreads(this.threads, this.contextClassLoader));
		}
		client.cookieHandler(new JdkRedirects(configured.cookies()));
	}

	/**
	 * Build a temporary client to read how clients are configured, because the builder
	 * does not expose this.
	 */
	private synchronized Configured configured(HttpClient.Builder builder) {
		Configured configured = this.configured;
		if (configured == null) {
			HttpClient client = builder.build();
			try {
				configured = new Configured(client.executor().isPresent(), client.cookieHandler().orElse(null));
			}
			finally {
				close(client);
			}
			this.configured = configured;
		}
		return configured;
	}

	/**
	 * Close a client. Before Java 21, a client cannot be closed and is garbage collected.
	 */
	static void close(HttpClient client) {
		if (client instanceof AutoCloseable closeable) {
			try {
				closeable.close();
			}
			catch (Exception ex) {
				throw new IllegalStateException("Could not close the temporary HttpClient that was built to find out"
						+ " how clients are configured", ex);
			}
		}
	}

}
