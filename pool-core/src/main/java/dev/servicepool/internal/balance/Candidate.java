package dev.servicepool.internal.balance;

/**
 * Something that can be chosen.
 */
public abstract class Candidate {

	/**
	 * Where the choice stands in its {@link ReadySet}, or -1. Touched by the set's one
	 * writer only.
	 */
	int position = -1;

	/**
	 * Whether it stands in a set. The writer of the set only.
	 * @return whether it was added and not removed since
	 */
	public final boolean isListed() {
		return this.position >= 0;
	}

	/**
	 * Whether it can be chosen now. Any thread; the answer may be old when it arrives.
	 * @return whether it can take one more request
	 */
	protected abstract boolean isReady();

	/**
	 * Return the load. Any thread.
	 * @param now the time in nanoseconds
	 * @return the load; the lower one is preferred
	 */
	protected abstract double load(long now);

}
