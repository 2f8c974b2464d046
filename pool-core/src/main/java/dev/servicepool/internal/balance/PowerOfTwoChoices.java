package dev.servicepool.internal.balance;

import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Power of two choices: of two choices drawn at random, the one with the lower load.
 * <p>
 * Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 1996.
 *
 * @param <C> the type of the choices
 */
public final class PowerOfTwoChoices<C extends Candidate> {

	/**
	 * How often one of the two is drawn before the search is given up: past that, most of
	 * the set is no longer ready, and it is time to tidy it.
	 */
	private static final int DRAWS = 8;

	private static final long LOW_BITS = 0xFFFF_FFFFL;

	private final ReadySet<C> candidates;

	private final RandomGenerator random;

	/**
	 * Choose from a set.
	 * @param candidates the set; read only
	 * @param random where the draws come from; used by all callers at once
	 */
	public PowerOfTwoChoices(ReadySet<C> candidates, RandomGenerator random) {
		this.candidates = candidates;
		this.random = random;
	}

	/**
	 * Draw two different choices that are ready and return the one with the lower load;
	 * of equal ones, either with the same probability. A set of one has no second.
	 * @param now the time in nanoseconds, for the loads
	 * @return a choice that was ready when it was drawn, or {@code null} if too many
	 * draws met one that was not
	 */
	public @Nullable C pick(long now) {
		int size = this.candidates.size();
		for (int draw = 0; draw < DRAWS && size > 0; draw++) {
			long bits = (size > 1) ? this.random.nextLong() : 0;
			int index = scaled(bits >>> 32, size);
			C first = this.candidates.get(index);
			if (first != null && first.isReady()) {
				return (size > 1) ? lessLoaded(first, index, size, bits, now) : first;
			}
		}
		return null;
	}

	/**
	 * Look at all choices, from a random one on, for two that are ready and wanted, and
	 * return the one with the lower load. Takes time in proportion to their number.
	 * @param now the time in nanoseconds, for the loads
	 * @param wanted which choices will do
	 * @return a choice that was ready when it was looked at, or {@code null} if there is
	 * none
	 */
	public @Nullable C pick(long now, Predicate<? super C> wanted) {
		int size = this.candidates.size();
		int start = (size > 1) ? this.random.nextInt(size) : 0;
		C found = null;
		for (int index = 0; index < size; index++) {
			C candidate = this.candidates.get((start + index) % size);
			if (candidate != null && candidate != found && candidate.isReady() && wanted.test(candidate)) {
				if (found != null) {
					return (candidate.load(now) < found.load(now)) ? candidate : found;
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
				return (second.load(now) < first.load(now)) ? second : first;
			}
			bits = this.random.nextLong();
		}
		return null;
	}

	/**
	 * Make an index of 32 random bits. One is more likely than another by less than one
	 * in a thousand as long as there are fewer than four million.
	 */
	private static int scaled(long bits, int size) {
		return (int) (bits * size >>> 32);
	}

}
