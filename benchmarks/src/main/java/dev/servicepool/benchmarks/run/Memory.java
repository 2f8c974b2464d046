package dev.servicepool.benchmarks.run;

import java.util.List;

/**
 * Options of the JVMs that measure.
 */
final class Memory {

	private Memory() {
	}

	/**
	 * A heap of a fixed size whose pages are there from the start: the first touch of a
	 * page takes longer than what is measured, and those who allocate more would pay it
	 * for seconds.
	 */
	static List<String> options(String size) {
		return List.of("-Xms" + size, "-Xmx" + size, "-XX:+AlwaysPreTouch");
	}

}
