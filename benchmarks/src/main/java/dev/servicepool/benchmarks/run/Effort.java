package dev.servicepool.benchmarks.run;

import java.nio.file.Path;

/**
 * How much to do.
 *
 * @param smoke whether to see only that all works, whatever the figures
 * @param logs where the programs that measure write what they do
 */
record Effort(boolean smoke, Path logs) {

	Path log(String title, Jdk jdk) {
		return this.logs.resolve((title + " " + jdk.name()).replaceAll("[^A-Za-z0-9]+", "-") + ".log");
	}

}
