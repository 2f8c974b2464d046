package dev.servicepool.benchmarks.run;

import java.util.List;

/**
 * Memory options of the measuring JVMs.
 */
final class Memory {

	private Memory() {
	}

	/**
	 * Return the options for a heap of a fixed size whose pages are touched at startup.
	 * The first access to a page takes longer than anything that is measured. Without
	 * this option, contenders that allocate memory would pay this cost for several
	 * seconds.
	 */
	static List<String> options(String size) {
		return List.of("-Xms" + size, "-Xmx" + size, "-XX:+AlwaysPreTouch");
	}

}
