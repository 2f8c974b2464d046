package dev.servicepool;

/**
 * Why something failed, put into words before the pool's lock is taken: what an exception
 * says of itself is foreign code.
 *
 * @param cause what was thrown
 * @param words what it says of itself
 */
record Failure(Throwable cause, String words) {

	static Failure of(Throwable cause) {
		return new Failure(cause, words(cause));
	}

	/** Return what something says of itself, even if it fails to. */
	static String words(Object foreign) {
		try {
			return String.valueOf(foreign);
		}
		catch (Throwable ex) {
			return foreign.getClass().getName();
		}
	}

	@Override
	public String toString() {
		return this.words;
	}

}
