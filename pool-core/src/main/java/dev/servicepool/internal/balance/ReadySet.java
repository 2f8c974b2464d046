package dev.servicepool.internal.balance;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Candidates that are ready, or were ready at the last check, in no particular order.
 * Adding, removing and reading at an index take constant time.
 * <p>
 * One thread at a time may write; any number of threads may read concurrently. A reader
 * may see a candidate that was just removed, the same candidate at two indexes, or no
 * candidate at an index. A reader must therefore check that the candidate is ready. If
 * the candidate is not ready, the reader must draw again.
 *
 * @param <C> the type of the candidates
 */
public final class ReadySet<C extends Candidate> {

	private static final int INITIAL_CAPACITY = 8;

	/** Replaced with a larger copy by the writer, read by any thread. */
	private volatile AtomicReferenceArray<@Nullable C> candidates = new AtomicReferenceArray<>(INITIAL_CAPACITY);

	/** Written by the writer, read by any thread. */
	private volatile int size;

	/**
	 * Return the number of candidates.
	 * @return the number, at least 0
	 */
	public int size() {
		return this.size;
	}

	/**
	 * Return the candidate at an index.
	 * @param index the index, at least 0 and less than a value that {@link #size()}
	 * returned earlier; this index stays valid, because the array never becomes shorter
	 * @return the candidate, or {@code null} if there is no candidate at this index (any
	 * more)
	 */
	public @Nullable C get(int index) {
		return this.candidates.get(index);
	}

	/**
	 * Add a candidate. Writer only.
	 * @param candidate a candidate that is in no set
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
	 * Remove a candidate, if it is in the set. Writer only.
	 * @param candidate the candidate
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
	 * Remove the candidates that match a condition. Writer only.
	 * @param condition the condition, tested once per candidate
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
	 * Perform an action for each candidate. Writer only.
	 * @param action the action, which must not change the set
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
		AtomicReferenceArray<@Nullable C> larger = new AtomicReferenceArray<>(old.length() * 2);
		for (int index = 0; index < old.length(); index++) {
			larger.set(index, old.get(index));
		}
		this.candidates = larger;
	}

}
