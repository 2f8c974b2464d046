package dev.servicepool.internal;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs two actions on the same object in two threads at the same moment, many times. The
 * delay between the threads varies, so that each step of one action coincides with each
 * step of the other action.
 *
 * @param <T> the type of the object
 */
final class InStep<T> {

	private static final int MEETINGS = 50_000;

	/** Maximum duration in nanoseconds, because a busy machine runs fewer meetings. */
	private static final long MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/**
	 * Maximum number of delay steps, about the time until a thread sees what the other
	 * thread has written.
	 */
	private static final int MAX_DELAY = 150;

	private static final int SPINS = 1000;

	/**
	 * One of this many meetings begins with a yield. Otherwise, two threads that share a
	 * processor would always act in the same order.
	 */
	private static final int YIELDS = 4;

	private final Consumer<T> one;

	private final Consumer<T> other;

	private T thing;

	/** Number of the meeting that the first thread has prepared; negative at the end. */
	private volatile int prepared;

	/** Number of the meeting that the other thread has begun. */
	private volatile int begun;

	/** Number of the meeting that the other thread has completed. */
	private volatile int completed;

	private volatile Throwable failure;

	private InStep(Consumer<T> one, Consumer<T> other) {
		this.one = one;
		this.other = other;
	}

	/**
	 * Run two actions in two threads, many times.
	 * @param things the supplier of the object, called before each meeting
	 * @param one the action of the calling thread
	 * @param other the action of the other thread
	 * @param check the check of the object after each meeting
	 */
	static <T> void run(Supplier<T> things, Consumer<T> one, Consumer<T> other, Consumer<T> check)
			throws InterruptedException {
		new InStep<>(one, other).run(things, check);
	}

	private void run(Supplier<T> things, Consumer<T> check) throws InterruptedException {
		Thread thread = new Thread(this::follow, "other");
		thread.start();
		try {
			lead(things, check);
		}
		finally {
			this.prepared = -1;
			thread.interrupt();
			thread.join();
		}
	}

	private void lead(Supplier<T> things, Consumer<T> check) throws InterruptedException {
		SplittableRandom random = new SplittableRandom(1);
		long end = System.nanoTime() + MAX_NANOS;
		for (int meeting = 1; meeting <= MEETINGS && System.nanoTime() - end < 0; meeting++) {
			T thing = things.get();
			this.thing = thing;
			this.prepared = meeting;
			for (int spins = 1; this.begun != meeting; spins++) {
				spin(spins);
			}
			delay(random.nextInt(MAX_DELAY));
			this.one.accept(thing);
			for (int spins = 1; this.completed != meeting; spins++) {
				spin(spins);
			}
			if (this.failure != null) {
				throw new AssertionError("The other thread failed", this.failure);
			}
			check.accept(thing);
		}
	}

	private void follow() {
		SplittableRandom random = new SplittableRandom(2);
		try {
			for (int meeting = 1; awaitMeeting(meeting); meeting++) {
				this.begun = meeting;
				if (random.nextInt(YIELDS) == 0) {
					Thread.yield();
				}
				delay(random.nextInt(2 * MAX_DELAY));
				try {
					this.other.accept(this.thing);
				}
				catch (RuntimeException | Error ex) {
					this.failure = ex;
				}
				this.completed = meeting;
			}
		}
		catch (InterruptedException ex) {
			// The last meeting is over.
		}
	}

	private boolean awaitMeeting(int meeting) throws InterruptedException {
		for (int spins = 1; this.prepared != meeting; spins++) {
			if (this.prepared < 0) {
				return false;
			}
			spin(spins);
		}
		return true;
	}

	/** Wait for a time that is much shorter than a pause of the processor. */
	private void delay(int steps) {
		for (int step = 0; step < steps && this.prepared > 0; step++) {
			// Reading a volatile field takes the time.
		}
	}

	private static void spin(int spins) throws InterruptedException {
		if (spins % SPINS != 0) {
			Thread.onSpinWait();
			return;
		}
		Thread.yield();
		if (Thread.interrupted()) {
			throw new InterruptedException("Interrupted while waiting for the other thread");
		}
	}

}
