package dev.servicepool.faults;

import java.io.IOException;
import java.util.Map;

import dev.servicepool.simulation.GeneratedPages;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The fleet report matches the code.
 */
@Tag("slow")
class FleetReportTests {

	@Test
	void reportMatchesSimulation() throws IOException {
		GeneratedPages.check(Map.of(FleetReport.PAGE, FleetReport.text()), getClass(), "fleet-report.write");
	}

}
