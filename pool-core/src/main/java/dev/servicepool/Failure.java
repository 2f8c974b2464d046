package dev.servicepool;

/**
 * Why something failed, put into words before the pool's lock is taken: what an exception
 * says of itself is foreign code.
 *
 * @param cause what was thrown
 * @param text what it says of itself
 */
record Failure(Throwable cause, String text) {

	static Failure of(Throwable cause) {
		return new Failure(cause, describe(cause));
	}

	/** Return what something says of itself, even if it fails to. */
	static String describe(Object foreign) {
		try {
			return String.valueOf(foreign);
		}
		catch (Throwable ex) {
			return foreign.getClass().getName();
		}
	}

	@Override
	public String toString() {
		return this.text;
	}

}
