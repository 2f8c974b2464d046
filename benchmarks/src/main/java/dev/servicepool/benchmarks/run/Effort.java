package dev.servicepool.benchmarks.run;

import java.nio.file.Path;

/**
 * Scope of a run.
 *
 * @param smoke whether to check only that all benchmarks work, regardless of the figures
 * @param logs the folder for the logs of the measuring programs
 */
record Effort(boolean smoke, Path logs) {

	Path log(String title, Jdk jdk) {
		return this.logs.resolve((title + " " + jdk.name()).replaceAll("[^A-Za-z0-9]+", "-") + ".log");
	}

}
