package dev.servicepool.spring.autoconfigure;

import java.net.http.HttpClient;
import java.util.function.Consumer;

import dev.servicepool.spring.http.ClientThreads;
import org.jspecify.annotations.Nullable;

/**
 * Gives each JDK client of a pool threads of its own, unless the application says by what
 * threads clients work.
 */
final class JdkThreads implements Consumer<HttpClient.Builder> {

	private final String name;

	/**
	 * Whether the application says so, once that is known: the clients of a pool are
	 * built alike. Written by any thread that builds one.
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

	/** A client tells its executor, its builder does not: so one is built to be asked. */
	private static boolean isConfigured(HttpClient.Builder builder) {
		HttpClient client = builder.build();
		try {
			return client.executor().isPresent();
		}
		finally {
			close(client);
		}
	}

	/** It can be closed since Java 21, and goes with a garbage collection before. */
	private static void close(HttpClient client) {
		if (client instanceof AutoCloseable closeable) {
			try {
				closeable.close();
			}
			catch (Exception ex) {
				throw new IllegalStateException("An unused client cannot be closed", ex);
			}
		}
	}

}
