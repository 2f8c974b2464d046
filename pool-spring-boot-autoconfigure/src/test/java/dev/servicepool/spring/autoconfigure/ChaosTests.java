package dev.servicepool.spring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;

import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Chaos;
import dev.servicepool.spring.JdkClients;
import dev.servicepool.spring.OrdersThroughChaos;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests with connections that break, stall, slow down, carry garbage, or cannot be
 * opened, with servers that lower their limits, and with expired certificates. Each
 * request ends exactly once and in time, and the counters are consistent. When the
 * failures end, the pool recovers.
 */
@Tag("slow")
@Timeout(180)
class ChaosTests {

	private static final long SEED = Long.getLong("chaos.seed", 4711);

	private static final Duration TIME = Duration.ofSeconds(5);

	@TempDir
	private Path folder;

	@Test
	void eachRequestEndsOnceAndPoolRecoversAfterChaos() throws Exception {
		try (Chaos chaos = new Chaos(this.folder, SEED)) {
			Applications.plain().withPropertyValues(chaos.properties()).run((context) -> {
				OrdersThroughChaos orders = new OrdersThroughChaos(chaos, context, "seed " + SEED);
				orders.place(TIME);
				orders.assertRecovered();
			});
			if (JdkClients.CLOSE_IMMEDIATELY) {
				// The number of connections is meaningful only if clients can be closed.
				// A client that cannot be closed remains while it considers a lost
				// request to be in flight.
				JdkClients.awaitClosed(() -> chaos.connections() == 0);
			}
		}
	}

}
