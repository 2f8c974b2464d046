package dev.servicepool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Time that stands still until it is moved, and a scheduler that goes with it: moving the
 * time runs what has become due. Starts close to the overflow of the nano clock, so that
 * every test crosses it sooner or later. For one thread.
 */
final class FakeTime implements Ticker, Scheduler, InstantSource {

	static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

	private record Due(long elapsed, Runnable task) {
	}

	private final List<Due> scheduled = new ArrayList<>();

	private long elapsed;

	@Override
	public long nanos() {
		return ORIGIN + this.elapsed;
	}

	@Override
	public Instant instant() {
		return START.plusNanos(this.elapsed);
	}

	@Override
	public void schedule(Runnable task, long delayNanos) {
		if (delayNanos < 0) {
			throw new IllegalArgumentException("Negative delay: " + delayNanos);
		}
		this.scheduled.add(new Due(this.elapsed + delayNanos, task));
	}

	void advance(Duration duration) {
		long until = this.elapsed + duration.toNanos();
		for (Due due = nextDue(until); due != null; due = nextDue(until)) {
			this.scheduled.remove(due);
			this.elapsed = Math.max(this.elapsed, due.elapsed());
			due.task().run();
		}
		this.elapsed = until;
	}

	int scheduled() {
		return this.scheduled.size();
	}

	private Due nextDue(long until) {
		return this.scheduled.stream()
			.filter((due) -> due.elapsed() <= until)
			.min(Comparator.comparingLong(Due::elapsed))
			.orElse(null);
	}

}
