package dev.servicepool.sample.upstream;

import java.time.Duration;

/**
 * Switch that slows a server down.
 */
public final class SlowSwitch {

	static final Duration FAST = Duration.ofMillis(50);

	static final Duration SLOW = Duration.ofMillis(500);

	/** Written and read by any thread. */
	private volatile boolean on;

	SlowSwitch() {
	}

	/**
	 * Return whether the server is slow.
	 * @return whether the server is slow
	 */
	public boolean isOn() {
		return this.on;
	}

	/**
	 * Set whether the server is slow. The change applies from the next request.
	 * @param on whether the server is slow
	 */
	public void turn(boolean on) {
		this.on = on;
	}

	/**
	 * Return the time from a request to its response.
	 */
	Duration serviceTime() {
		return this.on ? SLOW : FAST;
	}

}
