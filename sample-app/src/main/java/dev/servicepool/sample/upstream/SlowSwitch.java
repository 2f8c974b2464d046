package dev.servicepool.sample.upstream;

import java.time.Duration;

/**
 * Makes a server slow, and quick again.
 */
public final class SlowSwitch {

	static final Duration QUICK = Duration.ofMillis(50);

	static final Duration SLOW = Duration.ofMillis(500);

	/** Written and read by any thread. */
	private volatile boolean on;

	SlowSwitch() {
	}

	/**
	 * Return whether the server is slow.
	 * @return whether it is
	 */
	public boolean isOn() {
		return this.on;
	}

	/**
	 * Make the server slow or quick, from the next request on.
	 * @param on whether it is to be slow
	 */
	public void turn(boolean on) {
		this.on = on;
	}

	/**
	 * Return how long after a request the answer is sent.
	 */
	Duration serviceTime() {
		return this.on ? SLOW : QUICK;
	}

}
