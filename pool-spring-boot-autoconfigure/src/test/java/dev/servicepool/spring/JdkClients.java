package dev.servicepool.spring;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

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

	/** Return those that there are, by the thread that each owns. */
	public static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
			.collect(Collectors.toSet());
	}

	/**
	 * Return how many there are beside those that there were before, which may go at any
	 * time.
	 */
	public static int countBeside(Set<Thread> before) {
		Set<Thread> threads = threads();
		threads.removeAll(before);
		return threads.size();
	}

	/**
	 * Whether a failure is a client's own. Over HTTP/1.1 it may trip over a null of its
	 * own if the answer comes before it has noted that it has sent the last chunk of the
	 * body.
	 */
	public static boolean haveTripped(Exception failure) {
		return failure instanceof NullPointerException
				&& failure.getStackTrace()[0].getClassName().equals("jdk.internal.net.http.Http1Exchange");
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
