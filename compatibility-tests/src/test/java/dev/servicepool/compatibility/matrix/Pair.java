package dev.servicepool.compatibility.matrix;

/**
 * Client and server, which use a protocol.
 *
 * @param server the server
 * @param library the library of the client
 * @param protocol the protocol
 */
record Pair(TestServer server, ClientLibrary library, Protocol protocol) {

	@Override
	public String toString() {
		return this.server + " | " + this.library + " | " + this.protocol;
	}

}
