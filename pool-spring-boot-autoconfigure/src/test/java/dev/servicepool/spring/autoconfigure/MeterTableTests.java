package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the table in {@code docs/metrics.md} lists all meters and no others.
 */
class MeterTableTests {

	/** Tags whose values the library defines, not the user. */
	private static final Set<String> BOUNDED = Set.of("state", "outcome", "reason", "level");

	private static MeteredPool pool;

	private static List<Row> table;

	@BeforeAll
	static void read() throws Exception {
		pool = new MeteredPool();
		try (Stream<String> lines = Files.lines(MeteredPool.DOCS.resolve("metrics.md"))) {
			table = lines.filter((line) -> line.startsWith("| `servicepool.")).map(Row::of).toList();
		}
	}

	@AfterAll
	static void close() {
		pool.close();
	}

	@Test
	void listsEachMeterWithTypeUnitAndTags() throws IOException {
		Set<String> meters = pool.meters().stream().map(Row::of).map(Row::toString).collect(Collectors.toSet());
		assertThat(table).map(Row::toString).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(meters);
	}

	@Test
	void documentsAllValuesOfBoundedTags() {
		for (Meter meter : pool.meters()) {
			Row row = table.stream()
				.filter((candidate) -> candidate.name.equals(meter.getId().getName()))
				.findFirst()
				.orElseThrow();
			for (Tag tag : meter.getId().getTags()) {
				if (BOUNDED.contains(tag.getKey())) {
					assertThat(row.meaning).as(row.name).contains("`" + tag.getValue() + "`");
				}
			}
		}
	}

	private record Row(String name, String type, String unit, Set<String> tags, String meaning) {

		static Row of(Meter meter) {
			Meter.Id id = meter.getId();
			String type = id.getType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
			Set<String> tags = id.getTags().stream().map(Tag::getKey).collect(Collectors.toCollection(TreeSet::new));
			return new Row(id.getName(), type, (id.getBaseUnit() != null) ? id.getBaseUnit() : "", tags, "");
		}

		static Row of(String line) {
			String[] cells = line.split("\\|");
			assertThat(cells).as(line).hasSize(6);
			Set<String> tags = new TreeSet<>(List.of(cells[4].replace("`", "").strip().split(", ")));
			return new Row(cells[1].replace("`", "").strip(), cells[2].strip(), cells[3].strip(), tags,
					cells[5].strip());
		}

		@Override
		public String toString() {
			return this.name + ", " + this.type + ", unit '" + this.unit + "', tags " + this.tags;
		}

	}

}
