package dev.servicepool.compatibility.matrix;

import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole matrix.
 */
@Tag("measured")
@Timeout(180)
class ServerMatrixTests {

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void pooledClientFailsAtMostAsOftenAsPlainOne(Pair pair, @TempDir Path folder) throws Exception {
		pair.server().assumeInstalled();
		new ServerMatrix(pair, folder, 5).bodiesAndConcurrency().streamLimit().idleConnections().reload().verify();
	}

	static Stream<Pair> pooledClientFailsAtMostAsOftenAsPlainOne() {
		Stream<Pair> all = Stream.of(TestServer.values())
			.flatMap((server) -> ServerMatrix.pairs(server, ClientLibrary.JDK, ClientLibrary.JETTY));
		Stream<Pair> others = Stream.of(TestServer.NGINX, TestServer.TOMCAT)
			.flatMap((server) -> ServerMatrix.pairs(server, ClientLibrary.APACHE, ClientLibrary.REACTOR));
		return Stream.concat(all, others);
	}

}
