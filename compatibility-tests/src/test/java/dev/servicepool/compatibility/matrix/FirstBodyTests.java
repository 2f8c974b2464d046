package dev.servicepool.compatibility.matrix;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.servicepool.fixtures.Echo;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.ServerLimits;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the bodies of the first requests of a client. Without TLS, the plain JDK
 * client asks for an upgrade to HTTP/2 with these requests, and some servers lose or
 * reject such a body.
 */
@Tag("slow")
@Timeout(120)
class FirstBodyTests {

	private static final List<Integer> KILOBYTES = List.of(1, 8, 64);

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void pooledClientLosesNoBody(Pair pair, @TempDir Path folder) throws Exception {
		pair.server().assumeInstalled();
		try (TestServer.Running server = pair.server().start(ServerLimits.WIDE, folder)) {
			post(pair, server.uri());
			post(pair, server.clearUri());
		}
	}

	static Stream<Pair> pooledClientLosesNoBody() {
		return Stream.of(TestServer.GO, TestServer.NODE, TestServer.TOMCAT, TestServer.JETTY, TestServer.NETTY)
			.flatMap((server) -> ServerMatrix.pairs(server, ClientLibrary.JDK, ClientLibrary.JETTY));
	}

	@ParameterizedTest
	@MethodSource
	void pooledClientLosesNoBodyWhenServerDropsBodiesOfUpgrades(Pair pair) {
		Echo echo = new Echo();
		try (Server server = Server.http1().start((request, response) -> {
			if (request.getHeader("Upgrade") != null) {
				response.getOutputStream().print("0 bytes");
			}
			else {
				echo.handle(request, response);
			}
		})) {
			post(pair, server.uri());
		}
	}

	static Stream<Pair> pooledClientLosesNoBodyWhenServerDropsBodiesOfUpgrades() {
		return ServerMatrix.pairs(TestServer.TOMCAT, ClientLibrary.JDK, ClientLibrary.JETTY);
	}

	/** Send bodies with new clients. */
	private static void post(Pair pair, URI server) {
		for (int kilobytes : KILOBYTES) {
			TwoClients.run(pair, server, server, (clients) -> {
				Calls plain = new Calls(clients.plain());
				Calls pooled = new Calls(clients.pooled());
				for (Calls calls : List.of(plain, pooled)) {
					calls.times(2, () -> calls.post(1024 * kilobytes));
				}
				System.out.println("CELL | " + Runtime.version().feature() + " | " + pair + " | first POST of "
						+ kilobytes + " KB, " + server.getScheme() + " | " + plain + " | " + pooled);
				assertThat(pooled.failed()).as("%s", pooled).isZero();
			});
		}
	}

}
