package dev.servicepool.spring.http.client;

import java.net.http.HttpClient;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Gives each JDK client of a pool its own threads, unless the application configures an
 * executor for its clients.
 */
final class JdkThreads implements Consumer<HttpClient.Builder> {

	private final String name;

	/**
	 * Whether the application configures an executor; {@code null} until this is known.
	 * One client is enough to find out, because the clients of a pool are built alike.
	 * Written by any thread that builds a client.
	 */
	private volatile @Nullable Boolean configured;

	JdkThreads(String pool) {
		this.name = "pool-" + pool + "-client-";
	}

	@Override
	public void accept(HttpClient.Builder client) {
		Boolean configured = this.configured;
		if (configured == null) {
			configured = isConfigured(client);
			this.configured = configured;
		}
		if (!configured) {
			client.executor(new ClientThreads(this.name));
		}
	}

	/**
	 * Build a temporary client to read its executor, because the builder does not expose
	 * the executor.
	 */
	private static boolean isConfigured(HttpClient.Builder builder) {
		HttpClient client = builder.build();
		try {
			return client.executor().isPresent();
		}
		finally {
			close(client);
		}
	}

	/**
	 * Close a client. Before Java 21, a client cannot be closed and is garbage collected.
	 */
	private static void close(HttpClient client) {
		if (client instanceof AutoCloseable closeable) {
			try {
				closeable.close();
			}
			catch (Exception ex) {
				throw new IllegalStateException("Could not close the temporary HttpClient that was built to find out"
						+ " whether an executor is configured", ex);
			}
		}
	}

}
