package dev.servicepool.compatibility.matrix;

/**
 * Protocol between a client and a server.
 */
enum Protocol {

	HTTP_1_1("HTTP/1.1", "http-1-1"), HTTP_2("HTTP/2", "http-2");

	private final String title;

	private final String property;

	Protocol(String title, String property) {
		this.title = title;
		this.property = property;
	}

	/** Return the value of {@code client.http-version}. */
	String property() {
		return this.property;
	}

	/**
	 * Return whether a server means this protocol.
	 * @param name the name that the server uses, such as {@code HTTP/2.0}
	 */
	boolean isCalled(String name) {
		return name.equals(this.title) || name.equals(this.title + ".0");
	}

	@Override
	public String toString() {
		return this.title;
	}

}
