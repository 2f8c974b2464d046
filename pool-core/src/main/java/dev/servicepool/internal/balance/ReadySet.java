package dev.servicepool.internal.balance;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The choices that are ready, or were when last looked at, in no order, so that adding,
 * removing and reading at an index take constant time.
 * <p>
 * One thread at a time may write; any number may read meanwhile. A reader can see a
 * choice that has just left, the same one at two indexes, or none at all at an index: it
 * must ask what it read whether it is ready, and draw again if not.
 *
 * @param <C> the type of the choices
 */
public final class ReadySet<C extends Candidate> {

	private static final int INITIAL_CAPACITY = 8;

	/** Replaced by a larger copy by the writer, read by any thread. */
	private volatile AtomicReferenceArray<@Nullable C> candidates = new AtomicReferenceArray<>(INITIAL_CAPACITY);

	/** Written by the writer, read by any thread. */
	private volatile int size;

	/**
	 * Return the number of choices.
	 * @return at least 0
	 */
	public int size() {
		return this.size;
	}

	/**
	 * Return the choice at an index.
	 * @param index at least 0 and below a {@link #size} that was read before; the choices
	 * only ever move to a longer array
	 * @return the choice, or {@code null} if there is none there (any more)
	 */
	@Nullable C get(int index) {
		return this.candidates.get(index);
	}

	/**
	 * Add a choice. Writer only.
	 * @param candidate a choice that is in no set
	 */
	public void add(C candidate) {
		int size = this.size;
		if (size == this.candidates.length()) {
			enlarge();
		}
		candidate.position = size;
		this.candidates.set(size, candidate);
		this.size = size + 1;
	}

	/**
	 * Remove a choice, if it is there. Writer only.
	 * @param candidate the choice
	 */
	public void remove(C candidate) {
		int position = candidate.position;
		if (position < 0) {
			return;
		}
		int last = this.size - 1;
		C moved = this.candidates.get(last);
		if (moved != null && moved != candidate) {
			moved.position = position;
			this.candidates.set(position, moved);
		}
		this.size = last;
		this.candidates.set(last, null);
		candidate.position = -1;
	}

	/**
	 * Remove the choices that a condition holds for. Writer only.
	 * @param condition asked once for each choice
	 */
	public void removeIf(Predicate<C> condition) {
		for (int index = this.size - 1; index >= 0; index--) {
			C candidate = this.candidates.get(index);
			if (candidate != null && condition.test(candidate)) {
				remove(candidate);
			}
		}
	}

	/**
	 * Do something with each choice. Writer only.
	 * @param action changes nothing about the set
	 */
	public void forEach(Consumer<C> action) {
		for (int index = 0; index < this.size; index++) {
			C candidate = this.candidates.get(index);
			if (candidate != null) {
				action.accept(candidate);
			}
		}
	}

	private void enlarge() {
		AtomicReferenceArray<@Nullable C> old = this.candidates;
		AtomicReferenceArray<@Nullable C> scaledUp = new AtomicReferenceArray<>(old.length() * 2);
		for (int index = 0; index < old.length(); index++) {
			scaledUp.set(index, old.get(index));
		}
		this.candidates = scaledUp;
	}

}
