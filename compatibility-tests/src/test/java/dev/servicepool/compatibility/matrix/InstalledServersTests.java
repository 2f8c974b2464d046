package dev.servicepool.compatibility.matrix;

import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Part of the matrix that takes little time, with the servers that are installed.
 */
@Tag("slow")
@Timeout(120)
class InstalledServersTests {

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void pooledClientFailsAtMostAsOftenAsPlainOne(Pair pair, @TempDir Path folder) throws Exception {
		pair.server().assumeInstalled();
		new ServerMatrix(pair, folder, 1).bodiesAndConcurrency().streamLimit().verify();
	}

	static Stream<Pair> pooledClientFailsAtMostAsOftenAsPlainOne() {
		return Stream.of(TestServer.NGINX, TestServer.GO, TestServer.NODE, TestServer.TOMCAT, TestServer.JETTY)
			.flatMap((server) -> Stream.concat(ServerMatrix.pairs(server, ClientLibrary.JDK),
					Stream.of(new Pair(server, ClientLibrary.JETTY, Protocol.HTTP_2))));
	}

}
