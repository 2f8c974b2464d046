package dev.servicepool.spring.docs;

import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.servicepool.spring.options.LoadMetricType;
import dev.servicepool.spring.options.DiscoveryOptions;
import dev.servicepool.spring.autoconfigure.HttpPoolProperties;
import dev.servicepool.spring.options.PoolOptions;
import dev.servicepool.spring.autoconfigure.PoolProperties;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that docs/configuration.md documents all properties, and that the metadata for
 * IDEs describes them.
 */
class ConfigurationTests {

	private static final Pattern ROW = Pattern.compile("^\\| `([a-zA-Z.-]+)` \\| (.+?) \\| (.+?) \\| (.+?) \\|$",
			Pattern.MULTILINE);

	private static final String INSTANCE = "pool.instances.NAME.";

	private final Map<String, Row> documented = documented();

	private final Map<String, JsonNode> metadata = metadata("properties");

	@Test
	void everyPropertyIsDocumented() {
		assertThat(this.documented.keySet()).containsExactlyInAnyOrderElementsOf(
				Stream
					.concat(this.metadata.keySet().stream().filter((name) -> !name.equals("pool.instances")),
							instanceProperties().keySet().stream())
					.toList());
	}

	@Test
	void documentedTypesMatchMetadata() {
		Map<String, String> types = instanceProperties();
		this.metadata.forEach((name, property) -> types.put(name, simple(property.get("type").stringValue())));
		this.documented
			.forEach((name, row) -> assertThat(row.type()).as("type of %s", name).isEqualTo(types.get(name)));
	}

	@Test
	void documentedDefaultsMatchMetadata() {
		this.documented.forEach((name, row) -> {
			JsonNode property = this.metadata.get(name);
			JsonNode value = (property != null) ? property.get("defaultValue") : null;
			if (value != null) {
				String shown = row.defaultValue().split(";")[0];
				assertThat(value.isNumber() ? Double.valueOf(shown).equals(value.doubleValue())
						: shown.equals(text(value)))
					.as("default of %s, which is %s but documented as %s", name, value, shown)
					.isTrue();
			}
		});
	}

	private static String text(JsonNode value) {
		return value.isArray() ? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "))
				: value.asString();
	}

	@Test
	void everyPropertyHasDescriptionAndType() {
		this.metadata.forEach((name, property) -> {
			assertThat(property.path("description").asString("")).as(name).endsWith(".");
			assertThat(property.path("type").asString("")).as(name).isNotEmpty();
		});
	}

	@Test
	void hintsListEveryLoadMetric() {
		JsonNode hint = metadata("hints").get("pool.load-metric");
		assertThat(hint.get("values").valueStream()).extracting((value) -> value.get("value").stringValue())
			.containsExactlyElementsOf(loadMetrics());
		assertThat(this.documented.get("pool.load-metric").meaning()).contains(loadMetrics());
		assertThat(metadata("hints")).containsKey("pool.instances.keys");
	}

	private static Iterable<String> loadMetrics() {
		return Arrays.stream(LoadMetricType.values())
			.map((metric) -> metric.name().toLowerCase().replace('_', '-'))
			.toList();
	}

	private static Map<String, Row> documented() {
		return ROW.matcher(Documentation.read(Documentation.ROOT.resolve("docs/configuration.md")))
			.results()
			.collect(Collectors.toMap((row) -> row.group(1),
					(row) -> new Row(row.group(2), row.group(3), row.group(4))));
	}

	/** Return the types of the properties that exist only for single pools, by name. */
	private static Map<String, String> instanceProperties() {
		Map<String, String> types = new TreeMap<>();
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(PoolProperties.Instance.class)) {
			if (property.getWriteMethod() != null
					&& BeanUtils.getPropertyDescriptor(PoolOptions.class, property.getName()) == null) {
				put(types, INSTANCE, property);
			}
		}
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(DiscoveryOptions.class)) {
			if (property.getWriteMethod() != null) {
				put(types, INSTANCE + "discovery.", property);
			}
		}
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(HttpPoolProperties.Client.class)) {
			if (property.getWriteMethod() != null) {
				put(types, INSTANCE + "client.", property);
			}
		}
		types.put(INSTANCE + "client.ssl.bundle", "String");
		return types;
	}

	private static void put(Map<String, String> types, String prefix, PropertyDescriptor property) {
		types.put(prefix + DataObjectPropertyName.toDashedForm(property.getName()),
				simple(ResolvableType.forMethodReturnType(property.getReadMethod()).toString()));
	}

	private static String simple(String type) {
		return type.replaceAll("([a-z]+\\.)+", "").replaceAll("\\w+\\$", "");
	}

	private static Map<String, JsonNode> metadata(String kind) {
		try (InputStream input = PoolProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			return JsonMapper.builder()
				.build()
				.readTree(input)
				.get(kind)
				.valueStream()
				.collect(Collectors.toMap((entry) -> entry.get("name").stringValue(), (entry) -> entry,
						// Two classes bind the instances (see HttpPoolProperties).
						(first, second) -> first));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private record Row(String type, String defaultValue, String meaning) {
	}

}
