package dev.servicepool.spring;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Waits for conditions that mostly come true within milliseconds, and looks as often.
 */
public final class Await {

	private Await() {
	}

	/** Wait for a condition, half a minute at most. */
	public static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
	}

}
