package dev.servicepool.benchmarks.run;

import java.util.ArrayList;
import java.util.List;

import dev.servicepool.benchmarks.report.Figure;
import dev.servicepool.benchmarks.report.SectionText;

/**
 * What is measured and kept together.
 *
 * @param text what the report says of it
 * @param plans what is measured
 */
record Section(SectionText text, List<Plan> plans) {

	static Section of(String name, String title, String introduction, Plan... plans) {
		List<Plan> all = List.of(plans);
		return new Section(new SectionText(name, title, introduction, all.stream().map(Plan::table).toList()), all);
	}

	/**
	 * Measure all of it.
	 * @throws IllegalStateException if something was not measured
	 */
	List<Figure> run(List<Jdk> jdks, Effort effort) throws Exception {
		List<Figure> all = new ArrayList<>();
		for (Jdk jdk : jdks) {
			for (Plan plan : this.plans) {
				if (plan.runsOn(jdk)) {
					System.out.println(jdk.name() + ", " + this.text.name() + ": " + plan.table().title());
					List<Figure> figures = plan.run(jdk, effort);
					check(plan, figures, jdk, effort);
					all.addAll(figures);
				}
			}
		}
		return all;
	}

	private void check(Plan plan, List<Figure> figures, Jdk jdk, Effort effort) {
		for (String row : plan.rows()) {
			if (figures.stream().noneMatch((figure) -> figure.row().equals(row) && Double.isFinite(figure.value()))) {
				throw new IllegalStateException(
						"Nothing was measured for " + row + ", see " + effort.log(plan.table().title(), jdk));
			}
		}
	}

}
