package dev.servicepool.benchmarks.probe;

/**
 * Input and output of a measuring program.
 *
 * @param row the row to measure
 * @param smoke whether to check only that the program works
 */
record Probe(String row, boolean smoke) {

	static Probe of(String[] arguments) {
		return new Probe(arguments[0], Boolean.parseBoolean(arguments[1]));
	}

	void figure(String measure, String unit, double value) {
		System.out.println(String.join("\t", "figure", this.row, measure, unit, String.valueOf(value)));
	}

}
