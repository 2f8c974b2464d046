package dev.servicepool.spring;

import java.time.Duration;
import java.util.concurrent.Callable;

import static org.awaitility.Awaitility.await;

/**
 * The JDK's HTTP clients in this JVM. Since Java 21 they can be closed; before that they
 * go with a garbage collection.
 */
public final class JdkClients {

	/** Whether they can be closed. */
	public static final boolean CLOSE_AT_ONCE = Runtime.version().feature() >= 21;

	private JdkClients() {
	}

	/** Return how many there are, by the threads that they own. */
	public static long count() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
			.count();
	}

	/** Wait until what belongs to clients has gone with them. */
	public static void awaitGone(Callable<Boolean> gone) {
		await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20)).until(() -> {
			boolean isGone = gone.call();
			if (!isGone && !CLOSE_AT_ONCE) {
				System.gc();
			}
			return isGone;
		});
	}

}
