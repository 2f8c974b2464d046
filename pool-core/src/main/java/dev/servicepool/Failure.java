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
		try {
			return new Failure(cause, String.valueOf(cause));
		}
		catch (Throwable ex) {
			return new Failure(cause, cause.getClass().getName());
		}
	}

	@Override
	public String toString() {
		return this.words;
	}

}
