package dev.servicepool.benchmarks.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.servicepool.benchmarks.report.Figure;
import dev.servicepool.benchmarks.report.SectionText;
import dev.servicepool.benchmarks.report.Table;

/**
 * Measurements whose results are stored in one file.
 *
 * @param text the text of the section in the report
 * @param plans the measurements
 */
record Section(SectionText text, List<Plan> plans) {

	/** Create a section. A resource of the same name contains its introduction. */
	static Section of(String name, String title, Plan... plans) {
		List<Plan> all = List.of(plans);
		List<Table> tables = all.stream().map(Plan::table).toList();
		return new Section(new SectionText(name, title, introduction(name), tables), all);
	}

	private static String introduction(String name) {
		try (InputStream text = Section.class.getResourceAsStream("/introductions/" + name + ".md")) {
			return new String(Objects.requireNonNull(text, name).readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Run all measurements of this section.
	 * @param jdks the JDKs to measure on
	 * @param effort the scope of the run
	 * @return the figures
	 * @throws IllegalStateException if a row has no finite value
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
				throw new IllegalStateException("Row '" + row + "' must have a finite value but has none. See "
						+ effort.log(plan.table().title(), jdk));
			}
		}
	}

}
