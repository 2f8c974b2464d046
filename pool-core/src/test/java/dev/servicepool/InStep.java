package dev.servicepool;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Two threads that do something to the same thing at the same moment, many times over. By
 * how little one of them is ahead differs from time to time, so that each step of one
 * meets each step of the other sooner or later.
 *
 * @param <T> what they meet at, new each time
 */
final class InStep<T> {

	private static final int MEETINGS = 50_000;

	/** On a busy machine they meet less often. */
	private static final long AT_MOST = TimeUnit.SECONDS.toNanos(1);

	/** About as long as one needs to see what the other has written. */
	private static final int LEAD = 150;

	private static final int SPINS = 1000;

	private final Consumer<T> one;

	private final Consumer<T> other;

	private T thing;

	/** Which meeting the one has come to; below 0 if there are no more. */
	private volatile int come;

	/** Which meeting the other has come to. */
	private volatile int met;

	/** Which meeting the other has behind it. */
	private volatile int left;

	private volatile Throwable failure;

	private InStep(Consumer<T> one, Consumer<T> other) {
		this.one = one;
		this.other = other;
	}

	/**
	 * Have them meet.
	 * @param things makes what they meet at
	 * @param one what one does to it
	 * @param other what the other does to it
	 * @param check looks at it afterwards
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
			this.come = -1;
			thread.interrupt();
			thread.join();
		}
	}

	private void lead(Supplier<T> things, Consumer<T> check) throws InterruptedException {
		SplittableRandom random = new SplittableRandom(1);
		long end = System.nanoTime() + AT_MOST;
		for (int meeting = 1; meeting <= MEETINGS && System.nanoTime() - end < 0; meeting++) {
			T thing = things.get();
			this.thing = thing;
			this.come = meeting;
			for (int spins = 1; this.met != meeting; spins++) {
				spin(spins);
			}
			dally(random.nextInt(LEAD));
			this.one.accept(thing);
			for (int spins = 1; this.left != meeting; spins++) {
				spin(spins);
			}
			if (this.failure != null) {
				throw new AssertionError("The other failed", this.failure);
			}
			check.accept(thing);
		}
	}

	private void follow() {
		SplittableRandom random = new SplittableRandom(2);
		try {
			for (int meeting = 1; awaitMeeting(meeting); meeting++) {
				this.met = meeting;
				dally(random.nextInt(2 * LEAD));
				try {
					this.other.accept(this.thing);
				}
				catch (RuntimeException | Error ex) {
					this.failure = ex;
				}
				this.left = meeting;
			}
		}
		catch (InterruptedException ex) {
			// There are no more.
		}
	}

	private boolean awaitMeeting(int meeting) throws InterruptedException {
		for (int spins = 1; this.come != meeting; spins++) {
			if (this.come < 0) {
				return false;
			}
			spin(spins);
		}
		return true;
	}

	/** Let a moment pass that is much shorter than a pause of the processor. */
	private void dally(int moments) {
		for (int moment = 0; moment < moments && this.come > 0; moment++) {
			// Reading what the other may write takes the time.
		}
	}

	private static void spin(int spins) throws InterruptedException {
		if (spins % SPINS != 0) {
			Thread.onSpinWait();
			return;
		}
		Thread.yield();
		if (Thread.interrupted()) {
			throw new InterruptedException("The other does not come");
		}
	}

}
