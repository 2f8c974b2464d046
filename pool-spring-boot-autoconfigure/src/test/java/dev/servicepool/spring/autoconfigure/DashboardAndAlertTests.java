package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the dashboard and the alerts in {@code docs/observability} are well-formed
 * and refer to existing metrics.
 */
class DashboardAndAlertTests {

	private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

	private static final Pattern DURATION = Pattern
		.compile("(?=\\d)(\\d+y)?(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?");

	private static final Pattern ALERT_LABEL = Pattern.compile("\\$labels\\.(\\w+)");

	private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");

	private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(?!__)(\\w+)");

	private static Scrape scrape;

	@BeforeAll
	static void scrape() throws Exception {
		try (MeteredPool pool = new MeteredPool()) {
			scrape = pool.scrape();
		}
	}

	@Test
	void alertsAreWellFormed() throws IOException {
		List<Map<String, Object>> groups = groups();
		assertThat(groups).isNotEmpty().extracting((group) -> group.get("name")).doesNotHaveDuplicates();
		assertThat(groups).allSatisfy((group) -> assertThat(group).containsOnlyKeys("name", "rules"));
		assertThat(rules(groups)).isNotEmpty().extracting((rule) -> rule.get("alert")).doesNotHaveDuplicates();
		assertThat(rules(groups)).allSatisfy((rule) -> {
			assertThat(rule).containsKeys("alert", "expr", "labels", "annotations");
			assertThat(Set.of("alert", "expr", "for", "labels", "annotations")).containsAll(rule.keySet());
			assertThat((String) rule.get("alert")).matches(NAME);
			assertThat((String) rule.getOrDefault("for", "0s")).matches(DURATION);
			assertThat(texts(rule, "labels")).containsOnlyKeys("severity");
			assertThat(texts(rule, "labels").get("severity")).isIn("warning", "critical");
			assertThat(texts(rule, "annotations")).containsOnlyKeys("summary", "description");
		});
	}

	@Test
	void alertsReferToExistingMetrics() throws IOException {
		for (Map<String, Object> rule : rules(groups())) {
			Set<String> metrics = scrape.check((String) rule.get("expr"));
			for (String text : texts(rule, "annotations").values()) {
				assertLabels((String) rule.get("alert"), metrics, ALERT_LABEL, text);
				assertThat(text.split("\\{\\{", -1)).as(text).hasSameSizeAs(text.split("}}", -1));
			}
		}
	}

	@Test
	void panelsHaveUniqueTitlesAndPositions() throws IOException {
		Set<String> cells = new HashSet<>();
		List<JsonNode> panels = panels();
		assertThat(panels).isNotEmpty().extracting((panel) -> panel.get("id").asInt()).doesNotHaveDuplicates();
		assertThat(panels).extracting((panel) -> panel.get("title").asString()).doesNotHaveDuplicates();
		for (JsonNode panel : panels) {
			JsonNode position = panel.get("gridPos");
			assertThat(position.get("x").asInt() + position.get("w").asInt()).isBetween(1, 24);
			for (int x = position.get("x").asInt(); x < position.get("x").asInt() + position.get("w").asInt(); x++) {
				for (int y = position.get("y").asInt(); y < position.get("y").asInt()
						+ position.get("h").asInt(); y++) {
					assertThat(cells.add(x + "," + y)).as("%s is the only panel at %d,%d", panel.get("title"), x, y)
						.isTrue();
				}
			}
		}
	}

	@Test
	void panelsReferToExistingMetrics() throws IOException {
		Set<String> variables = dashboard().at("/templating/list")
			.valueStream()
			.map((variable) -> variable.get("name").asString())
			.collect(Collectors.toSet());
		for (JsonNode panel : panels()) {
			String title = panel.get("title").asString();
			assertVariables(title, variables, panel.at("/datasource/uid").asString());
			assertThat(panel.get("targets").valueStream().map((target) -> target.get("refId").asString())).as(title)
				.isNotEmpty()
				.doesNotHaveDuplicates();
			for (JsonNode target : panel.get("targets").values()) {
				String text = target.get("expr").asString();
				assertVariables(title, variables, text);
				assertLabels(title, scrape.check(text), LEGEND_LABEL, target.get("legendFormat").asString());
			}
		}
	}

	@Test
	void poolVariableRefersToExistingLabel() throws IOException {
		JsonNode variable = dashboard().at("/templating/list")
			.valueStream()
			.filter((candidate) -> candidate.get("name").asString().equals("pool"))
			.findFirst()
			.orElseThrow();
		assertThat(variable.get("query").asString()).matches("label_values\\(\\w+, \\w+\\)").satisfies((query) -> {
			String[] code = query.split("\\W+");
			assertThat(scrape.hasLabel(code[1], code[2])).isTrue();
		});
	}

	private static void assertLabels(String where, Set<String> metrics, Pattern label, String text) {
		assertThat(label.matcher(text).results().map((match) -> match.group(1))).as("%s: labels in %s", where, text)
			.allSatisfy((name) -> assertThat(metrics).anyMatch((metric) -> scrape.hasLabel(metric, name)));
	}

	private static void assertVariables(String where, Set<String> variables, String text) {
		assertThat(VARIABLE.matcher(text).results().map((match) -> match.group(1)))
			.as("%s: variables in %s", where, text)
			.isSubsetOf(variables);
	}

	private static JsonNode dashboard() throws IOException {
		return JsonMapper.builder()
			.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.build()
			.readTree(Files.readString(MeteredPool.DOCS.resolve("observability/grafana-dashboard.json")));
	}

	private static List<JsonNode> panels() throws IOException {
		return List.copyOf(dashboard().get("panels").values());
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> groups() throws IOException {
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		try (Reader file = Files.newBufferedReader(MeteredPool.DOCS.resolve("observability/alerts.yml"))) {
			Map<String, Object> alerts = new Yaml(new SafeConstructor(options)).load(file);
			assertThat(alerts).containsOnlyKeys("groups");
			return (List<Map<String, Object>>) alerts.get("groups");
		}
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> rules(List<Map<String, Object>> groups) {
		List<Map<String, Object>> rules = new ArrayList<>();
		groups.forEach((group) -> rules.addAll((List<Map<String, Object>>) group.get("rules")));
		return rules;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, String> texts(Map<String, Object> rule, String key) {
		Map<String, Object> texts = (Map<String, Object>) rule.get(key);
		assertThat(texts.values()).hasOnlyElementsOfType(String.class);
		return (Map<String, String>) (Map<String, ?>) texts;
	}

}
