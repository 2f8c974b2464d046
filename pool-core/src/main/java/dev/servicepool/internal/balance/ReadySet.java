package dev.servicepool.internal.balance;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Candidates that are ready, or were ready at the last check. Remote candidates have the
 * highest indexes; otherwise, there is no particular order. Adding, removing and reading
 * at an index take constant time.
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

	/** The number of candidates that are not remote. Used by the writer only. */
	private int local;

	/**
	 * The number of candidates from which to select. Written by the writer, read by any
	 * thread. A thread that reads an old number may select a remote candidate although
	 * another one is ready, or overlook a candidate and look again under the lock.
	 */
	private volatile int selectable;

	/**
	 * Return the number of candidates.
	 * @return the number, at least 0
	 */
	public int size() {
		return this.size;
	}

	/**
	 * Return the number of candidates from which to select: all that are not remote or,
	 * if there are none, all. They have the lowest indexes.
	 * @return the number, at least 0
	 */
	public int selectable() {
		return this.selectable;
	}

	/**
	 * Return whether there are remote candidates beside others.
	 * @return {@code false} if all candidates are in the same zone
	 */
	public boolean hasOtherZone() {
		return this.selectable < this.size;
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
		int position = size;
		if (!candidate.isRemote()) {
			position = this.local++;
			if (position < size) {
				move(position, size);
			}
		}
		set(candidate, position);
		size(size + 1);
	}

	/**
	 * Remove a candidate, if it is in the set. Writer only.
	 * @param candidate the candidate
	 */
	public void remove(C candidate) {
		int hole = candidate.position;
		if (hole < 0) {
			return;
		}
		int last = this.size - 1;
		if (!candidate.isRemote()) {
			this.local--;
			move(this.local, hole);
			hole = this.local;
		}
		move(last, hole);
		size(last);
		this.candidates.set(last, null);
		candidate.position = -1;
	}

	private void size(int size) {
		this.size = size;
		this.selectable = (this.local > 0) ? this.local : size;
	}

	/** Move the candidate at an index to another index. */
	private void move(int from, int to) {
		C moved = this.candidates.get(from);
		if (moved != null && from != to) {
			set(moved, to);
		}
	}

	private void set(C candidate, int position) {
		candidate.position = position;
		this.candidates.set(position, candidate);
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
