package dev.servicepool.compatibility.matrix;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

import dev.servicepool.fixtures.Echo;
import dev.servicepool.fixtures.ExternalServer;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.ServerLimits;
import dev.servicepool.fixtures.ServerProgram;
import dev.servicepool.fixtures.TestKeyStore;
import org.jspecify.annotations.Nullable;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Servers that clients call. Programs run in processes of their own, and their proxies
 * forward requests to a Tomcat.
 */
enum TestServer {

	NGINX(ServerProgram.NGINX), HAPROXY(ServerProgram.HAPROXY), APACHE(ServerProgram.APACHE),
	CADDY(ServerProgram.CADDY), GO(ServerProgram.GO), NODE(ServerProgram.NODE),

	TOMCAT(null) {

		@Override
		Running startInProcess(ServerLimits limits, Path folder) {
			Server server = tomcat(limits).tls(TestKeyStore.loopback())
				.idleTimeout(limits.idleTimeout())
				.start(new Echo());
			return new Running(server.secureUri(), server.uri(), null, server::close);
		}

	},

	JETTY(null) {

		@Override
		Running startInProcess(ServerLimits limits, Path folder) throws Exception {
			JettyServer server = new JettyServer(TestKeyStore.loopback(), limits);
			return new Running(server.uri(), server.clearUri(), null, server::close);
		}

	},

	NETTY(null) {

		@Override
		Running startInProcess(ServerLimits limits, Path folder) throws Exception {
			NettyServer server = new NettyServer(TestKeyStore.loopback(), limits, folder);
			return new Running(server.uri(), server.clearUri(), null, server::close);
		}

	};

	private final @Nullable ServerProgram program;

	TestServer(@Nullable ServerProgram program) {
		this.program = program;
	}

	boolean limitsStreams() {
		return this.program == null || this.program.limitsStreams();
	}

	/** Skip the test if the server is not installed. */
	void assumeInstalled() {
		ServerProgram program = this.program;
		if (program != null) {
			assumeTrue(program.isInstalled(), program.missing());
		}
	}

	/**
	 * Start the server.
	 * @param limits the limits of the connections
	 * @param folder an empty folder
	 */
	Running start(ServerLimits limits, Path folder) throws Exception {
		ServerProgram program = this.program;
		if (program == null) {
			return startInProcess(limits, folder);
		}
		Server upstream = Server.http1().start(new Echo());
		try {
			ExternalServer server = program.start(upstream.uri(), TestKeyStore.loopback(), limits, folder);
			return new Running(server.uri(), server.clearUri(), server::reload, () -> {
				server.close();
				upstream.close();
			});
		}
		catch (IOException | RuntimeException ex) {
			upstream.close();
			throw ex;
		}
	}

	Running startInProcess(ServerLimits limits, Path folder) throws Exception {
		throw new IllegalStateException(this + " runs in a process of its own");
	}

	private static Server.Builder tomcat(ServerLimits limits) {
		Integer streams = limits.streams();
		return (streams != null) ? Server.http2(streams) : Server.http2();
	}

	/**
	 * Server that accepts connections.
	 *
	 * @param uri the address of the server
	 * @param clearUri the address without TLS, at which no proxy listens
	 * @param reload reloads the configuration, or {@code null} if the server cannot
	 * @param stop stops the server
	 */
	record Running(URI uri, URI clearUri, @Nullable Action reload, Runnable stop) implements AutoCloseable {

		@Override
		public void close() {
			this.stop.run();
		}

	}

	interface Action {

		void run() throws Exception;

	}

}
