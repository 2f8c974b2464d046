package dev.servicepool.internal.balance;

import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Power of two choices: selects the candidate with the lower load score from two random
 * ones.
 * <p>
 * Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 1996.
 *
 * @param <C> the type of the candidates
 */
public final class PowerOfTwoChoices<C extends Candidate> {

	/**
	 * The maximum number of draws for each of the two candidates. If all of them fail,
	 * most candidates of the set are not ready any more, and the set must be updated.
	 */
	private static final int DRAWS = 8;

	/** The maximum number of candidates that are checked for an open connection. */
	private static final int CHECKS = 8;

	/**
	 * The maximum ratio of the load score of a candidate with an open connection to the
	 * load score of the selected one. Latencies that include a handshake can be more than
	 * twice as high as others.
	 */
	private static final double SAVED_CONNECTION = 3;

	private static final long LOW_BITS = 0xFFFF_FFFFL;

	private final ReadySet<C> candidates;

	private final RandomGenerator random;

	private final double lower;

	/**
	 * Create a selection from a set.
	 * @param candidates the set; read only
	 * @param random the source of the draws; used by all callers concurrently
	 * @param lower the factor from 0 to 1 by which one load score must be lower than the
	 * other one; load scores that differ less are treated as equal
	 */
	public PowerOfTwoChoices(ReadySet<C> candidates, RandomGenerator random, double lower) {
		this.candidates = candidates;
		this.random = random;
		this.lower = lower;
	}

	/**
	 * Draw two different candidates that are ready, and remote only if no other one is,
	 * and return the one with the lower load score. If the scores are equal, both are
	 * equally likely. If the set has one candidate, return it. A candidate that opens a
	 * connection gives way to one for the same server that does not.
	 * @param now the time in nanoseconds, for the load scores
	 * @return a candidate that was ready when it was drawn, or {@code null} if too many
	 * drawn candidates were not ready
	 */
	public @Nullable C pick(long now) {
		int size = this.candidates.selectable();
		for (int draw = 0; draw < DRAWS && size > 0; draw++) {
			long bits = (size > 1) ? this.random.nextLong() : 0;
			int index = scaled(bits >>> 32, size);
			C first = this.candidates.get(index);
			if (first != null && first.isReady()) {
				return (size > 1) ? reusing(lessLoaded(first, index, size, bits, now), size, now) : first;
			}
		}
		return null;
	}

	/**
	 * Check some candidates from a random index for one that saves the connection which
	 * the selected one would open.
	 */
	private @Nullable C reusing(@Nullable C selected, int size, long now) {
		if (selected == null || !selected.opensConnection()) {
			return selected;
		}
		double limit = SAVED_CONNECTION * selected.load(now);
		int start = this.random.nextInt(size);
		for (int index = 0; index < Math.min(size, CHECKS); index++) {
			C candidate = this.candidates.get((start + index) % size);
			if (candidate != null && !candidate.opensConnection() && candidate.hasSameServer(selected)
					&& candidate.isReady() && candidate.load(now) <= limit) {
				return candidate;
			}
		}
		return selected;
	}

	/**
	 * Search all candidates from a random index for two that are ready and wanted, and
	 * return the one with the lower load score. It is remote only if no other one is
	 * ready and wanted. Takes time proportional to the number of candidates.
	 * @param now the time in nanoseconds, for the load scores
	 * @param wanted the condition that the candidate must meet
	 * @return a candidate that was ready when it was checked, or {@code null} if there is
	 * none
	 */
	public @Nullable C pick(long now, Predicate<? super C> wanted) {
		int selectable = this.candidates.selectable();
		C found = pick(0, selectable, now, wanted);
		return (found != null) ? found : pick(selectable, this.candidates.size() - selectable, now, wanted);
	}

	private @Nullable C pick(int from, int size, long now, Predicate<? super C> wanted) {
		int start = (size > 1) ? this.random.nextInt(size) : 0;
		C found = null;
		for (int index = 0; index < size; index++) {
			C candidate = this.candidates.get(from + (start + index) % size);
			if (candidate != null && candidate != found && candidate.isReady() && wanted.test(candidate)) {
				if (found != null) {
					return lower(candidate, found, now);
				}
				found = candidate;
			}
		}
		return found;
	}

	private @Nullable C lessLoaded(C first, int firstIndex, int size, long firstBits, long now) {
		long bits = firstBits;
		for (int draw = 0; draw < DRAWS; draw++) {
			int index = scaled(bits & LOW_BITS, size - 1);
			C second = this.candidates.get((index < firstIndex) ? index : index + 1);
			if (second != null && second != first && second.isReady()) {
				return lower(second, first, now);
			}
			bits = this.random.nextLong();
		}
		return null;
	}

	/** Return the first candidate if its load score is lower, or else the other one. */
	private C lower(C candidate, C other, long now) {
		return (candidate.load(now) < this.lower * other.load(now)) ? candidate : other;
	}

	/**
	 * Convert 32 random bits to an index. The probabilities of two indexes differ by less
	 * than one in a thousand if there are fewer than four million.
	 */
	private static int scaled(long bits, int size) {
		return (int) (bits * size >>> 32);
	}

}
