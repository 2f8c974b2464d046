package dev.servicepool.simulation;

import java.io.IOException;

import org.junit.jupiter.api.Test;

/**
 * Check that the sizing report matches the code.
 */
class SizingReportTests {

	@Test
	void reportIsUpToDate() throws IOException {
		GeneratedPages.check(SizingReport.files(), SizingReportTests.class, "sizing-report.write");
	}

}
