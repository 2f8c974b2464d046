package dev.servicepool.spring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;

import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Chaos;
import dev.servicepool.spring.JdkClients;
import dev.servicepool.spring.OrdersThroughChaos;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that break, stall, crawl, lie or cannot be had, servers that take back what
 * they have allowed, certificates that have expired: each request has one end, in time,
 * the books add up, and when all that is over, so are its effects.
 */
@Timeout(180)
class ChaosTests {

	private static final long SEED = Long.getLong("chaos.seed", 4711);

	private static final Duration TIME = Duration.ofSeconds(20);

	@TempDir
	private Path folder;

	@Test
	void eachRequestHasOneEndInTimeAndAfterwardsAllIsAsBefore() throws Exception {
		try (Chaos chaos = new Chaos(this.folder, SEED)) {
			Applications.plain().withPropertyValues(chaos.properties()).run((context) -> {
				OrdersThroughChaos orders = new OrdersThroughChaos(chaos, context, "seed " + SEED);
				orders.place(TIME);
				orders.assertAllIsWellAgain();
			});
			if (JdkClients.CLOSE_AT_ONCE) {
				// A client that can't be closed stays while it believes that a lost
				// request is still on its way.
				JdkClients.awaitGone(() -> chaos.connections() == 0);
			}
		}
	}

}
