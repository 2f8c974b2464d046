package dev.servicepool.internal.balance;

/**
 * Object that power of two choices can select.
 */
public abstract class Candidate {

	/** The index in its {@link ReadySet}, or -1. Used by the writer of the set only. */
	int position = -1;

	/**
	 * Whether the candidate is in another zone, so that it is selected only if no other
	 * one is ready. Written by the writer of the set, read by any thread.
	 */
	private volatile boolean remote;

	/**
	 * Set whether the candidate is in another zone. Writer only, while the candidate is
	 * in no set.
	 * @param remote whether the candidate is selected only if no other one is ready
	 */
	protected final void remote(boolean remote) {
		this.remote = remote;
	}

	/**
	 * Return whether the candidate is in another zone. Any thread.
	 * @return whether the candidate is selected only if no other one is ready
	 */
	public final boolean isRemote() {
		return this.remote;
	}

	/**
	 * Return whether the candidate is in a set. Writer only.
	 * @return whether the candidate was added and has not been removed since then
	 */
	public final boolean isListed() {
		return this.position >= 0;
	}

	/**
	 * Return whether the candidate can be selected now. Any thread; the result may be
	 * outdated immediately.
	 * @return whether it can accept one more request
	 */
	protected abstract boolean isReady();

	/**
	 * Return the load score. Any thread.
	 * @param now the time in nanoseconds
	 * @return the load score; the candidate with the lower load score is preferred
	 */
	protected abstract double load(long now);

	/**
	 * Return whether the next request probably opens a connection. Any thread; the result
	 * may be outdated immediately.
	 * @return {@code false} if the candidate has an open connection to spare, or if this
	 * does not matter
	 */
	protected boolean opensConnection() {
		return false;
	}

	/**
	 * Return whether requests reach the same server through this candidate and another
	 * one. Any thread.
	 * @param other a candidate of the same set
	 * @return whether only their connections differ
	 */
	protected boolean hasSameServer(Candidate other) {
		return false;
	}

}
