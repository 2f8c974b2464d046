package dev.servicepool.benchmarks.page;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

/**
 * Section of the page. {@code plan.yml} lists all sections and explains their properties.
 *
 * @param name the name of the section
 * @param tables the measurements, each with a table of its own
 * @param bars the bars that the pool must meet
 */
record Section(String name, List<Table> tables, @DefaultValue List<Bar> bars) {

	static List<Section> all() throws IOException {
		return new Binder(ConfigurationPropertySources
			.from(new YamlPropertySourceLoader().load("plan", new ClassPathResource("plan.yml"))))
			.bind("sections", Bindable.listOf(Section.class))
			.get();
	}

	/**
	 * Measurement of several rows that are compared in one table, with either JMH or a
	 * probe.
	 */
	record Table(String name, String title, Jmh jmh, Probe probe, @DefaultValue("3") int rounds,
			@DefaultValue("-Xms512m -Xmx512m -XX:+AlwaysPreTouch") String jvm) {

		/** Return whether a JDK can run this measurement. */
		boolean runsOn(Jdk jdk) {
			String program = (this.jmh != null) ? this.jmh.options() : this.probe.program();
			return jdk.feature() >= 21 || !program.contains("VIRTUAL");
		}

		/**
		 * Return the file with the results of a round: JSON of JMH, or lines of a probe.
		 */
		Path file(Path folder, int round) {
			return folder.resolve(this.name + "-" + round + ((this.jmh != null) ? ".json" : ".txt"));
		}

	}

	/** Measurement by JMH. */
	record Jmh(String options, String row, @DefaultValue("3") int warmups, @DefaultValue("250") int millis) {
	}

	/** Measurement by a program that runs once for each row. */
	record Probe(String program, List<String> rows) {
	}

	/** Limit for a figure of the pool. */
	record Bar(String figure, String limit, String value) {

		boolean isMet(double value) {
			double bound = Double.parseDouble(this.limit.substring(2));
			return this.limit.startsWith("≤") ? value <= bound : value >= bound;
		}

	}

}
