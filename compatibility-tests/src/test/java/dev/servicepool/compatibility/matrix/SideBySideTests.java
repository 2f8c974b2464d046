package dev.servicepool.compatibility.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.servicepool.fixtures.ServerLimits;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures pooled clients beside plain clients of the same library, and prints the
 * figures as tables. With the system property {@code side-by-side.write}, the tables also
 * replace those of the running Java version on the page. The servers run in processes of
 * their own, so that the processor time of this process is that of the clients.
 */
@Tag("measured")
class SideBySideTests {

	private static final ServerLimits FEW_STREAMS = new ServerLimits(Duration.ofMinutes(1), 100);

	private static final Path PAGE = Path.of("../docs/side-by-side.md");

	@TempDir
	private Path folder;

	@Test
	@Timeout(3600)
	void pooledClientsFailAtMostAsOftenAsPlainOnes() throws Exception {
		TestServer.GO.assumeInstalled();
		TestServer.NODE.assumeInstalled();
		List<Comparison> comparisons = new ArrayList<>();
		for (Pair pair : clients()) {
			List<Comparison> ofClient = new ArrayList<>();
			for (Workload workload : Workload.values()) {
				ofClient.add(compare(workload, pair));
			}
			System.out.println(ComparisonTables.of(ofClient));
			comparisons.addAll(ofClient);
		}
		if (Boolean.getBoolean("side-by-side.write")) {
			write(ComparisonTables.of(comparisons));
		}
		SoftAssertions assertions = new SoftAssertions();
		for (Comparison comparison : comparisons) {
			assertions.assertThat(Comparison.failed(comparison.pooled()))
				.as("failed calls: %s, %s", comparison.workload(), comparison.pair())
				.isLessThanOrEqualTo(Comparison.failed(comparison.plain()));
		}
		assertions.assertAll();
	}

	/** Write the tables into the part of the page about this Java version. */
	private static void write(String tables) throws IOException {
		String page = Files.readString(PAGE);
		String heading = "## Java " + Runtime.version().feature() + "\n";
		int begin = page.indexOf(heading);
		assertThat(begin).as("position of '%s' in %s", heading.strip(), PAGE).isNotNegative();
		int next = page.indexOf("\n## ", begin + heading.length());
		Files.writeString(PAGE, page.substring(0, begin) + heading + "\n" + tables.strip() + "\n"
				+ ((next >= 0) ? page.substring(next) : ""));
	}

	private static List<Pair> clients() {
		return Stream.concat(ServerMatrix.pairs(TestServer.GO, ClientLibrary.JDK, ClientLibrary.JETTY),
				Stream.of(new Pair(TestServer.GO, ClientLibrary.APACHE, Protocol.HTTP_1_1),
						new Pair(TestServer.GO, ClientLibrary.REACTOR, Protocol.HTTP_1_1)))
			.toList();
	}

	private Comparison compare(Workload workload, Pair pair) throws Exception {
		Comparison comparison = new Comparison(workload, pair, new ArrayList<>(), new ArrayList<>());
		int rounds = Comparison.WARM_UP + Comparison.ROUNDS;
		if (workload == Workload.FIRST_CALLS) {
			for (int round = 0; round < rounds; round++) {
				measure(comparison, round, round + 1);
			}
		}
		else {
			measure(comparison, 0, rounds);
		}
		return comparison;
	}

	/** Run rounds with new servers and new applications. */
	private void measure(Comparison comparison, int begin, int end) throws Exception {
		try (TestServer.Running plain = start(comparison.workload());
				TestServer.Running pooled = start(comparison.workload())) {
			TwoClients.run(comparison.pair(), plain.uri(), pooled.uri(), (clients) -> {
				for (int round = begin; round < end; round++) {
					comparison.measure(round, clients, plain.uri(), pooled.uri());
				}
			});
		}
	}

	private TestServer.Running start(Workload workload) throws Exception {
		Path files = Files.createTempDirectory(this.folder, "server");
		return (workload == Workload.BURST) ? TestServer.NODE.start(FEW_STREAMS, files)
				: TestServer.GO.start(ServerLimits.WIDE, files);
	}

}
