package dev.servicepool.simulation;

import java.io.IOException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Check that the sizing report matches the code. {@link SteadySizeTests} check some of
 * its rows in each build.
 */
@Tag("measured")
class SizingReportTests {

	@Test
	void reportIsUpToDate() throws IOException {
		GeneratedPages.check(SizingReport.files(), SizingReportTests.class, "sizing-report.write");
	}

}
