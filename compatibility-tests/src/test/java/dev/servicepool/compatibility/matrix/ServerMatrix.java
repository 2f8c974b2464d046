package dev.servicepool.compatibility.matrix;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.ServerLimits;
import org.assertj.core.api.SoftAssertions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Matrix of clients, servers, and operations. In each cell, the pooled client must fail
 * at most as often as the plain client of the same library.
 */
final class ServerMatrix {

	private static final int SMALL = 100;

	private static final int LARGE = 1_000_000;

	/** Longer than the rest that a pooled client reads when a response is closed. */
	private static final int DOWNLOAD = 1_500_000;

	private static final int STREAMS = 10;

	private static final ServerLimits FEW_STREAMS = new ServerLimits(Duration.ofMinutes(1), STREAMS);

	private final Pair pair;

	private final Path folder;

	private final int repetitions;

	private final SoftAssertions cells = new SoftAssertions();

	/**
	 * Create an instance.
	 * @param pair the client, the protocol, and the server
	 * @param folder an empty folder
	 * @param repetitions the number of large bodies in each cell
	 */
	ServerMatrix(Pair pair, Path folder, int repetitions) {
		this.pair = pair;
		this.folder = folder;
		this.repetitions = repetitions;
	}

	/** Return all pairs of a server and a client that supports a protocol. */
	static Stream<Pair> pairs(TestServer server, ClientLibrary... libraries) {
		return Stream.of(libraries)
			.flatMap((library) -> Stream.of(Protocol.values())
				.filter(library::supports)
				.map((protocol) -> new Pair(server, library, protocol)));
	}

	/** Compare the clients in all operations that take little time. */
	ServerMatrix bodiesAndConcurrency() throws Exception {
		run(ServerLimits.WIDE, (sides, server) -> {
			sides.compare("GET", (calls) -> calls.times(10, () -> calls.get(SMALL)));
			sides.compare("POST", (calls) -> calls.times(10, () -> calls.post(SMALL)));
			sides.compare("POST of 1 MB", (calls) -> calls.concurrently(this.repetitions, () -> calls.post(LARGE)));
			sides.compare("upload of 1 MB", (calls) -> calls.concurrently(this.repetitions, () -> calls.upload(LARGE)));
			sides.compare("100 concurrent GETs", (calls) -> calls.concurrently(100, () -> calls.get(SMALL, 20)));
			sides.compare("download closed early", (calls) -> calls.times(this.repetitions, () -> {
				calls.getBegin(DOWNLOAD, SMALL);
				calls.get(SMALL);
			}));
		});
		return this;
	}

	/** Compare the clients when a connection can carry few concurrent requests. */
	ServerMatrix streamLimit() throws Exception {
		if (this.pair.protocol() == Protocol.HTTP_2 && this.pair.server().limitsStreams()) {
			run(FEW_STREAMS, (sides, server) -> sides.compare("60 GETs, limit of 10 streams", (calls) -> {
				calls.get(SMALL);
				calls.concurrently(60, () -> calls.get(SMALL, 50));
			}));
		}
		return this;
	}

	/** Compare the clients when the server has closed idle connections. */
	ServerMatrix idleConnections() throws Exception {
		try (TestServer.Running server = start(new ServerLimits(this.pair.library().idleTimeout(), null));
				Link plain = Link.to(server.uri());
				Link pooled = Link.to(server.uri())) {
			Sides.run(this.pair, this.cells, plain.uri(), pooled.uri(), (sides) -> {
				awaitEnd(plain, pooled,
						() -> sides.compare("before idle time", (calls) -> calls.times(5, () -> calls.get(SMALL))));
				awaitEnd(plain, pooled, () -> sides.compare("POST after idle time",
						(calls) -> calls.times(5, () -> calls.post(SMALL))));
				sides.compare("GET after idle time", (calls) -> calls.times(5, () -> calls.get(SMALL)));
			});
		}
		return this;
	}

	/**
	 * Send calls, and wait until the server has closed a connection of each client.
	 * Clients notice this shortly after the link. A client may have another connection
	 * without a request, which some servers close much later.
	 */
	private static void awaitEnd(Link plain, Link pooled, TestServer.Action calls) throws Exception {
		int ofPlain = plain.ended();
		int ofPooled = pooled.ended();
		calls.run();
		await().atMost(Duration.ofSeconds(20)).during(Duration.ofMillis(200)).untilAsserted(() -> {
			assertThat(plain.ended()).as("ended connections of plain client, %s", plain).isGreaterThan(ofPlain);
			assertThat(pooled.ended()).as("ended connections of pooled client, %s", pooled).isGreaterThan(ofPooled);
		});
	}

	/** Compare the clients while the server reloads its configuration twice. */
	ServerMatrix reload() throws Exception {
		run(ServerLimits.WIDE, (sides, server) -> {
			TestServer.Action reload = server.reload();
			if (reload != null) {
				AtomicBoolean end = new AtomicBoolean();
				sides.compareWithPlain("GET during reloads",
						(calls) -> calls.repeat(10, () -> calls.get(SMALL, 5), end::get), (plain, pooled) -> {
							try {
								awaitCalls(plain, pooled);
								reload.run();
								awaitCalls(plain, pooled);
								reload.run();
								awaitCalls(plain, pooled);
							}
							finally {
								end.set(true);
							}
						});
			}
		});
		return this;
	}

	/** Wait until each client has sent many more calls. */
	private static void awaitCalls(Calls plain, Calls pooled) {
		int plainCalls = plain.count() + 300;
		int pooledCalls = pooled.count() + 300;
		await().atMost(Duration.ofSeconds(60))
			.until(() -> plain.count() >= plainCalls && pooled.count() >= pooledCalls);
	}

	/** Check all cells. */
	void verify() {
		this.cells.assertAll();
	}

	private void run(ServerLimits limits, ServerTest test) throws Exception {
		try (TestServer.Running server = start(limits)) {
			Sides.run(this.pair, this.cells, server.uri(), server.uri(), (sides) -> test.run(sides, server));
		}
	}

	private TestServer.Running start(ServerLimits limits) throws Exception {
		return this.pair.server().start(limits, Files.createTempDirectory(this.folder, "server"));
	}

	private interface ServerTest {

		void run(Sides sides, TestServer.Running server) throws Exception;

	}

}
