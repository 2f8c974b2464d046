package dev.servicepool.spring;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import static org.awaitility.Awaitility.await;

/**
 * HTTP clients of the JDK in this JVM. Since Java 21, they can be closed. Before that,
 * they end after a garbage collection.
 */
public final class JdkClients {

	/** Whether the clients can be closed. */
	public static final boolean CLOSE_IMMEDIATELY = Runtime.version().feature() >= 21;

	private JdkClients() {
	}

	/** Return the threads of all clients; each client owns one thread. */
	public static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
			.collect(Collectors.toSet());
	}

	/**
	 * Return the number of clients that were created since a set of threads was
	 * determined. The clients of that set may end at any time.
	 */
	public static int countOthers(Set<Thread> before) {
		Set<Thread> threads = threads();
		threads.removeAll(before);
		return threads.size();
	}

	/**
	 * Return whether a failure is a defect of the client. Over HTTP/1.1, the client can
	 * throw a {@code NullPointerException} if the response arrives before the client has
	 * recorded that it sent the last chunk of the body.
	 */
	public static boolean isClientDefect(Exception failure) {
		return failure instanceof NullPointerException
				&& failure.getStackTrace()[0].getClassName().equals("jdk.internal.net.http.Http1Exchange");
	}

	/** Wait until the resources of clients are released. */
	public static void awaitClosed(Callable<Boolean> condition) {
		await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20)).until(() -> {
			boolean released = condition.call();
			if (!released && !CLOSE_IMMEDIATELY) {
				System.gc();
			}
			return released;
		});
	}

}
