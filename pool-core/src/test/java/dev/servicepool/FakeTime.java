package dev.servicepool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Time that stands still until it is moved, and a scheduler that goes with it: moving the
 * time runs what has become due, in the order in which it does. A task may move the time
 * itself, as one that takes long. Starts close to the overflow of the nano clock, so that
 * every test crosses it sooner or later. For one thread.
 */
public final class FakeTime implements Ticker, Scheduler, InstantSource {

	static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

	/** Compared by hand, since simulations spend much of their time on it. */
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

	/** Return the time that has passed since the start, in nanoseconds. */
	public long elapsed() {
		return this.elapsed;
	}

	@Override
	public void schedule(Runnable task, long delayNanos) {
		if (delayNanos < 0) {
			throw new IllegalArgumentException("Negative delay: " + delayNanos);
		}
		this.scheduled.add(new Due(this.elapsed + delayNanos, this.sequence++, task));
	}

	public void advance(Duration duration) {
		advance(duration.toNanos());
	}

	/** Move the time on by a number of nanoseconds. */
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
