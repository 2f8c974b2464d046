package dev.servicepool.spring.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for three servers, one of which has an expired certificate. The client rejects
 * the certificate before it sends a request. Therefore, also a POST request moves to
 * another server.
 */
@Tag("slow")
@Timeout(60)
class ExpiredCertificateTests {

	@TempDir
	private static Path folder;

	@Test
	void noPostFailsWhenCertificateOfOneServerIsExpired() throws Exception {
		run("expired certificate, 100 POSTs", 100, 50, "pool.outlier-detection.base-ejection-time=300ms");
	}

	@Test
	@Tag("measured")
	@Timeout(120)
	void noPostOfManyFailsWhenCertificateOfOneServerIsExpired() throws Exception {
		run("expired certificate, 800 POSTs", 800, 20);
	}

	private static void run(String name, int calls, int perSecond, String... properties) throws Exception {
		TestKeyStore key = TestKeyStore.loopback();
		TestKeyStore expired = key.issueExpired(folder.resolve("expired" + calls + ".p12"), "IP:127.0.0.1");
		try (Server one = Server.http2(100).tls(key).start();
				Server two = Server.http2(100).tls(key).start();
				Server three = Server.http2(100).tls(expired).start();
				TwoSides sides = new TwoSides(List.of(one.secureUri(), two.secureUri(), three.secureUri()))) {
			Outcome outcome = sides.trusting(key)
				.with(properties)
				.run(name, (side) -> side.posts("/").atRate(calls, perSecond, Duration.ofSeconds(10)));
			assertThat(outcome.plain().failed()).as("precondition").isPositive();
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
			assertThat(one.count() + two.count()).isEqualTo(outcome.plain().succeeded() + calls);
		}
	}

}
