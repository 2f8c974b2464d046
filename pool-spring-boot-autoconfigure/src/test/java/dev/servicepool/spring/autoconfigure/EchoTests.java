package dev.servicepool.spring.autoconfigure;

import java.nio.file.Path;

import dev.servicepool.spring.EchoServlet;
import dev.servicepool.spring.Http2Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Base class for tests with a server that records each request exactly. The test classes
 * run one at a time.
 */
abstract class EchoTests {

	static final EchoServlet echo = new EchoServlet();

	@TempDir
	private static Path folder;

	static Http2Server server;

	@BeforeAll
	static void startServer() throws Exception {
		server = new Http2Server(folder, 100, echo);
	}

	@AfterAll
	static void stopServer() throws Exception {
		server.close();
	}

}
