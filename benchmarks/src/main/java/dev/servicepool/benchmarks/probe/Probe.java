package dev.servicepool.benchmarks.probe;

/**
 * What a program that measures is told, and how it tells what it has found.
 *
 * @param row what it is to measure
 * @param smoke whether to see only that all works
 */
record Probe(String row, boolean smoke) {

	static Probe of(String[] arguments) {
		return new Probe(arguments[0], Boolean.parseBoolean(arguments[1]));
	}

	void figure(String measure, String unit, double value) {
		System.out.println("figure\t" + measure + "\t" + unit + "\t" + value);
	}

}
