package dev.servicepool.spring;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Creates waits for conditions that usually become true within milliseconds.
 */
public final class Await {

	private Await() {
	}

	/** Return a wait that checks its condition every 10 ms for up to 30 seconds. */
	public static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
	}

}
