package dev.servicepool.benchmarks.report;

import java.util.List;
import java.util.Optional;

/**
 * Measured figures, with methods that look them up.
 *
 * @param all the figures, in the order of measurement
 */
public record Figures(List<Figure> all) {

	Optional<Figure> find(String plan, String row, String measure, String jdk) {
		return this.all.stream()
			.filter((figure) -> figure.plan().equals(plan) && figure.row().equals(row)
					&& figure.measure().equals(measure) && figure.jdk().equals(jdk))
			.findFirst();
	}

	/**
	 * Return the value of a figure.
	 * @param plan the title of the plan
	 * @param row the row
	 * @param measure the measure
	 * @param jdk the name of the JDK
	 * @return the value; {@link Double#NaN} if it was not measured
	 */
	public double value(String plan, String row, String measure, String jdk) {
		return find(plan, row, measure, jdk).map(Figure::value).orElse(Double.NaN);
	}

	List<Figure> of(String plan) {
		return this.all.stream().filter((figure) -> figure.plan().equals(plan)).toList();
	}

	List<String> jdks() {
		return this.all.stream().map(Figure::jdk).distinct().toList();
	}

}
