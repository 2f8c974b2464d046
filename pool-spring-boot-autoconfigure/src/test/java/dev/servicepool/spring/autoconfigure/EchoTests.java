package dev.servicepool.spring.autoconfigure;

import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.EchoHandler;

/**
 * Base class for tests with a server that records each request exactly. The test classes
 * run one at a time.
 */
abstract class EchoTests {

	static final EchoHandler echo = new EchoHandler();

	/** Shared by the test classes, and stopped with the JVM. */
	static final Server server = Server.http2(100).tls(TestKeyStore.loopback()).start(echo);

}
