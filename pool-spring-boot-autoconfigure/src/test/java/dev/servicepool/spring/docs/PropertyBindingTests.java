package dev.servicepool.spring.docs;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.servicepool.ScaleUp;
import dev.servicepool.spring.autoconfigure.HttpPoolProperties;
import dev.servicepool.spring.options.LoadMetricType;
import dev.servicepool.spring.autoconfigure.PoolProperties;
import dev.servicepool.spring.options.RetryFailure;
import dev.servicepool.spring.options.RetryMethod;
import dev.servicepool.spring.options.ServerName;
import dev.servicepool.spring.http.client.Connections;
import dev.servicepool.spring.http.client.HttpVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.http.client.HttpCookieHandling;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that each property of {@code docs/configuration.md} can be set in YAML and by an
 * environment variable.
 */
class PropertyBindingTests {

	private static final Pattern ROW = Pattern.compile("^\\| `(pool\\.[a-zA-Z.-]+)` \\| (.+?) \\| ", Pattern.MULTILINE);

	/** Values by the types of the documented properties. */
	private static final Map<String, Value> VALUES = Map.ofEntries(Map.entry("Double", new Value("0.25", 0.25)),
			Map.entry("Integer", new Value("7", 7)), Map.entry("Duration", new Value("3s", Duration.ofSeconds(3))),
			Map.entry("LoadMetricType", new Value("pending-requests", LoadMetricType.PENDING_REQUESTS)),
			Map.entry("ScaleUp", new Value("single", ScaleUp.SINGLE)), Map.entry("String", new Value("text", "text")),
			Map.entry("List<String>", new Value("http://a:1,http://b:2", List.of("http://a:1", "http://b:2"))),
			Map.entry("Set<Integer>", new Value("502,503", Set.of(502, 503))),
			Map.entry("Set<RetryFailure>", new Value("connection-lost,timeout", Set.of(RetryFailure.values()))),
			Map.entry("Set<RetryMethod>", new Value("get,put", Set.of(RetryMethod.GET, RetryMethod.PUT))),
			Map.entry("HttpRedirects", new Value("dont-follow", HttpRedirects.DONT_FOLLOW)),
			Map.entry("HttpCookieHandling", new Value("disable", HttpCookieHandling.DISABLE)),
			Map.entry("HttpVersion", new Value("http-1-1", HttpVersion.HTTP_1_1)),
			Map.entry("ServerName", new Value("target", ServerName.TARGET)),
			Map.entry("Connections", new Value("as-built", Connections.AS_BUILT)));

	/**
	 * Value of a property.
	 *
	 * @param text the value in a property source
	 * @param bound the bound value
	 */
	private record Value(String text, Object bound) {
	}

	static Stream<MatchResult> properties() {
		List<MatchResult> rows = ROW.matcher(Documentation.read(Documentation.ROOT.resolve("docs/configuration.md")))
			.results()
			.toList();
		assertThat(rows).hasSizeGreaterThan(35);
		return rows.stream();
	}

	@ParameterizedTest
	@MethodSource("properties")
	void propertyIsBoundFromYaml(MatchResult row) throws Exception {
		String key = row.group(1).replace("NAME", "my-orders");
		for (Value value : values(row)) {
			assertBound(key, value, new YamlPropertySourceLoader().load("test", yaml(key, value.text())).get(0));
		}
	}

	@ParameterizedTest
	@MethodSource("properties")
	void propertyIsBoundFromEnvironment(MatchResult row) {
		String key = row.group(1).replace("NAME", "my-orders");
		for (Value value : values(row)) {
			String variable = key.replace("-", "").replace('.', '_').toUpperCase();
			assertBound(key, value,
					new SystemEnvironmentPropertySource("test-systemEnvironment", Map.of(variable, value.text())));
		}
	}

	private static List<Value> values(MatchResult row) {
		return row.group(2).equals("Boolean") ? List.of(new Value("true", true), new Value("false", false))
				: List.of(VALUES.get(row.group(2)));
	}

	/** Write a property as a nested YAML document. */
	private static ByteArrayResource yaml(String key, String value) {
		StringBuilder yaml = new StringBuilder();
		String indent = "";
		for (String element : key.split("\\.")) {
			yaml.append(yaml.isEmpty() ? "" : "\n").append(indent).append(element).append(":");
			indent += "  ";
		}
		return new ByteArrayResource(yaml.append(" ").append(value).toString().getBytes(StandardCharsets.UTF_8));
	}

	private static void assertBound(String key, Value expected, PropertySource<?> source) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(source);
		ConfigurationPropertySources.attach(environment);
		Class<?> type = key.contains(".client.") ? HttpPoolProperties.class : PoolProperties.class;
		Object properties = Binder.get(environment).bind("pool", type).get();
		assertThat(PropertyAccessorFactory.forBeanPropertyAccess(properties).getPropertyValue(path(key, properties)))
			.as(key + " from " + source)
			.isEqualTo(expected.bound());
	}

	/** Return the path of a bean property, such as {@code instances[my-orders].url}. */
	private static String path(String key, Object properties) {
		String camelCase = Pattern.compile("-([a-z])")
			.matcher(key.substring("pool.".length()).replaceFirst("^instances\\.[^.]+", "instances[NAME]"))
			.replaceAll((letter) -> letter.group(1).toUpperCase());
		Map<String, Object> instances = new LinkedHashMap<>((properties instanceof PoolProperties pools)
				? pools.getInstances() : ((HttpPoolProperties) properties).getInstances());
		return camelCase.replace("NAME", instances.isEmpty() ? "" : instances.keySet().iterator().next());
	}

}
