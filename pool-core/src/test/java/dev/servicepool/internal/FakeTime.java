package dev.servicepool.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.Queue;

import dev.servicepool.Scheduler;
import dev.servicepool.Ticker;

/**
 * A clock that stands still until it is advanced, and a scheduler that follows the clock.
 * Advancing the clock runs each task that becomes due, in the order of the due times. A
 * task may advance the clock itself, so that it takes time. The clock starts one second
 * before the overflow of its nanoseconds, so that tests cross the overflow. Not
 * thread-safe.
 */
public final class FakeTime implements Ticker, Scheduler, InstantSource {

	public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

	/**
	 * A scheduled task. Compares the fields directly, because simulations spend much of
	 * their time here.
	 */
	private record Due(long elapsed, long sequence, Runnable task) implements Comparable<Due> {

		@Override
		public int compareTo(Due other) {
			return (this.elapsed != other.elapsed) ? Long.compare(this.elapsed, other.elapsed)
					: Long.compare(this.sequence, other.sequence);
		}

	}

	private final Queue<Due> scheduled = new PriorityQueue<>();

	private long elapsed;

	private long sequence;

	@Override
	public long nanos() {
		return ORIGIN + this.elapsed;
	}

	@Override
	public Instant instant() {
		return START.plusNanos(this.elapsed);
	}

	/** Return the time that has elapsed since the start, in nanoseconds. */
	public long elapsed() {
		return this.elapsed;
	}

	@Override
	public void schedule(Runnable task, long delayNanos) {
		if (delayNanos < 0) {
			throw new IllegalArgumentException("delayNanos must not be negative but was " + delayNanos);
		}
		this.scheduled.add(new Due(this.elapsed + delayNanos, this.sequence++, task));
	}

	public void advance(Duration duration) {
		advance(duration.toNanos());
	}

	/** Advance the clock by a number of nanoseconds. */
	public void advance(long nanos) {
		long until = this.elapsed + nanos;
		for (Due due = this.scheduled.peek(); due != null && due.elapsed() <= until; due = this.scheduled.peek()) {
			this.scheduled.remove();
			this.elapsed = Math.max(this.elapsed, due.elapsed());
			due.task().run();
		}
		this.elapsed = Math.max(this.elapsed, until);
	}

	int scheduled() {
		return this.scheduled.size();
	}

}
