package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.ScaleUp;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import dev.servicepool.spring.Applications;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolProperties}, verified through the settings of the resulting pools.
 */
class PoolPropertiesTests {

	/**
	 * Properties that have another default for HTTP pools, which their descriptions give.
	 */
	private static final Set<String> OTHER_FOR_HTTP = Set.of("cold-after", "track-leases", "max-idle-time");

	/** Non-default value of each option, with the expected setting. */
	private static final Map<String, Sample> SAMPLES = Map.ofEntries(sample("initial", "0.15", 0.15),
			sample("max-requests-per-service", "900", 900), sample("max-idle-time", "20s", Duration.ofSeconds(20)),
			sample("drain-timeout", "1m", Duration.ofMinutes(1)), sample("replace-ratio", "0.5", 0.5),
			sample("retry.max-retries", "0", 0), sample("retry.budget.ratio", "0.1", 0.1),
			sample("retry.budget.per-second", "3", 3), sample("underutilized-below", "0.01", 0.01),
			sample("loaded-above", "0.5", 0.5), sample("urgency", "0.25", 0.25), sample("min-services", "2", 2),
			sample("max-services", "9", 9), sample("max-concurrency", "4", 4),
			sample("scale-up", "single", ScaleUp.SINGLE), sample("acquire-timeout", "5s", Duration.ofSeconds(5)),
			sample("max-waiting", "17", 17), sample("create-timeout", "1500", Duration.ofMillis(1500)),
			sample("backoff", "20ms", Duration.ofMillis(20)), sample("max-backoff", "1m", Duration.ofMinutes(1)),
			sample("close-timeout", "0s", Duration.ZERO), sample("headroom-window", "0s", Duration.ZERO),
			sample("idle-timeout", "3m", Duration.ofMinutes(3)), sample("max-lifetime", "1h", Duration.ofHours(1)),
			sample("cold-after", "7s", Duration.ofSeconds(7)), sample("outlier-detection.consecutive-failures", "3", 3),
			sample("outlier-detection.failure-rate", "0.75", 0.75),
			sample("outlier-detection.request-volume", "50", 50),
			sample("outlier-detection.interval", "30s", Duration.ofSeconds(30)),
			sample("outlier-detection.base-ejection-time", "5s", Duration.ofSeconds(5)),
			sample("outlier-detection.max-ejection-time", "1h", Duration.ofHours(1)),
			sample("leak-detection-threshold", "1m", Duration.ofMinutes(1)), sample("track-leases", "true", true),
			sample("zone", "eu-1a", "eu-1a"), sample("subset", "20", 20),
			sample("load-metric", "pending-requests", LoadMetric.pendingRequests()));

	private static final Set<String> NOT_OPTIONS = Set.of("max-surge", "enabled", "eager", "instances",
			"health.out-of-service-when-unavailable", "skip-local-targets", "identity", "retry.failures",
			"retry.statuses", "retry.methods", "deadline", "deadline-header", "hedge.percentile", "hedge.delay");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class))
		.withPropertyValues("pool.eager=false")
		.withUserConfiguration(Factory.class);

	@ParameterizedTest
	@MethodSource("keys")
	void setsOptionForAllPools(String key) {
		assertThat(SAMPLES).as("a sample for each key").containsKey(key);
		this.runner.withPropertyValues("pool." + key + "=" + SAMPLES.get(key).text())
			.run((context) -> assertOnlyDifference(context.getBean(Pool.class).settings(), key));
	}

	@ParameterizedTest
	@MethodSource("keys")
	void setsOptionForOnePool(String key) {
		this.runner.withPropertyValues("pool.instances.ordersClient." + key + "=" + SAMPLES.get(key).text())
			.run((context) -> assertOnlyDifference(context.getBean(Pool.class).settings(), key));
	}

	@Test
	void hasKeyForEachSetting() throws IOException {
		assertThat(keys()).isEqualTo(components().keySet());
	}

	@Test
	void documentsDefaultsOfBuilder() throws IOException {
		PoolSettings defaults = defaults();
		Map<String, Function<PoolSettings, Object>> components = components();
		for (JsonNode property : metadata()) {
			String key = property.get("name").stringValue().substring("pool.".length());
			if (!NOT_OPTIONS.contains(key)) {
				Object expected = components.get(key).apply(defaults);
				JsonNode documented = property.get("defaultValue");
				assertThat(property.get("description").stringValue()).as(key).isNotEmpty();
				if (expected == null || expected.equals(Integer.MAX_VALUE) || OTHER_FOR_HTTP.contains(key)) {
					assertThat(documented).as(key).isNull();
				}
				else if (expected instanceof Duration) {
					assertThat(DurationStyle.detectAndParse(documented.stringValue())).as(key).isEqualTo(expected);
				}
				else if (expected instanceof Number number) {
					assertThat(documented.doubleValue()).as(key).isEqualTo(number.doubleValue());
				}
				else if (expected instanceof Boolean) {
					assertThat(documented.booleanValue()).as(key).isEqualTo(expected);
				}
				else if (expected instanceof ScaleUp) {
					assertThat(documented.stringValue()).as(key).isEqualToIgnoringCase(expected.toString());
				}
				else {
					assertThat(documented.stringValue()).as(key).isEqualTo("peak-ewma");
					assertThat(expected).hasToString(LoadMetric.peakEwma().toString());
				}
			}
		}
	}

	@Test
	void instanceOverridesSingleOptions() {
		this.runner
			.withPropertyValues("pool.max-services=5", "pool.max-concurrency=6",
					"pool.instances.ordersClient.max-services=3")
			.run((context) -> {
				PoolSettings settings = context.getBean(Pool.class).settings();
				assertThat(settings.maxServices()).isEqualTo(3);
				assertThat(settings.maxConcurrency()).isEqualTo(6);
			});
	}

	@Test
	void zoneOfLoadBalancerIsDefaultAndEmptyZoneTurnsItOff() {
		this.runner.withPropertyValues("spring.cloud.loadbalancer.zone=eu-1b")
			.run((context) -> assertThat(context.getBean(Pool.class).settings().zone()).isEqualTo("eu-1b"));
		this.runner.withPropertyValues("spring.cloud.loadbalancer.zone=eu-1b", "pool.zone=eu-1a")
			.run((context) -> assertThat(context.getBean(Pool.class).settings().zone()).isEqualTo("eu-1a"));
		this.runner.withPropertyValues("spring.cloud.loadbalancer.zone=eu-1b", "pool.instances.ordersClient.zone=")
			.run((context) -> assertThat(context.getBean(Pool.class).settings().zone()).isNull());
	}

	@Test
	void identityDeterminesPreferredTargets() {
		List<String> hosts = preferred("HOSTNAME=orders-1", "server.port=8080");
		assertThat(hosts).hasSize(20).isEqualTo(preferred("HOSTNAME=orders-1", "server.port=8080"));
		assertThat(preferred("HOSTNAME=orders-2", "server.port=8080")).isNotEqualTo(hosts);
		assertThat(preferred("HOSTNAME=orders-1", "server.port=8081")).isNotEqualTo(hosts);
		assertThat(preferred("HOSTNAME=orders-2", "pool.identity=orders-1:8080")).isEqualTo(hosts);
		assertThat(preferred("HOSTNAME=orders-1", "server.port=0"))
			.isNotEqualTo(preferred("HOSTNAME=orders-1", "server.port=0"));
	}

	private List<String> preferred(String... properties) {
		List<String> preferred = new ArrayList<>();
		String targets = IntStream.range(0, 100)
			.mapToObj((number) -> "target-" + number)
			.collect(Collectors.joining(","));
		this.runner.withPropertyValues(properties)
			.withPropertyValues("pool.subset=20", "pool.instances.ordersClient.targets=" + targets)
			.run((context) -> context.getBean(Pool.class)
				.snapshot()
				.health()
				.targets()
				.stream()
				.filter(PoolSnapshot.TargetSnapshot::preferred)
				.map(PoolSnapshot.TargetSnapshot::name)
				.forEach(preferred::add));
		return preferred;
	}

	@Test
	void namesInvalidNestedProperty() {
		this.runner.withPropertyValues("pool.instances.ordersClient.outlier-detection.failure-rate=2")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageStartingWith("outlierDetection.failureRate must be between 0 and 1 but was 2.0"));
		PoolProperties properties = new PoolProperties();
		properties.getOutlierDetection().setFailureRate(2.0);
		assertThat(properties.pool("orders").keys().key("outlierDetection.failureRate"))
			.isEqualTo("pool.outlier-detection.failure-rate");
	}

	@Test
	void namesPropertyThatTheBuilderRejectsImmediately() {
		this.runner.withPropertyValues("pool.instances.ordersClient.retry.budget.ratio=2")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("'pool.instances.ordersClient.retry.budget.ratio' is 2.0"));
	}

	@Test
	void emptyStatusIsRejected() {
		for (String option : List.of("failure-statuses", "retry-after-statuses")) {
			Applications.plain()
				.withPropertyValues("pool.instances.web.targets=http://web:8080",
						"pool.instances.web." + option + "=,500")
				.run((context) -> assertThat(context).getFailure()
					.hasStackTraceContaining("'pool.instances.web." + option + "' contains an empty value"));
		}
	}

	@ParameterizedTest
	@CsvSource({ "ordersClient", "orders-client", "ordersclient", "OrdersClient" })
	void environmentVariableOverridesCamelCaseInstance(String spelling) {
		this.runner
			.withInitializer((context) -> environment(context.getEnvironment().getPropertySources()::addFirst,
					Map.of("POOL_INSTANCES_ORDERSCLIENT_MAXSERVICES", "7", "POOL_INSTANCES_ORDERSCLIENT_TARGETS_0",
							"c")))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addLast(new MapPropertySource("application.yml",
						Map.of("pool.instances." + spelling + ".max-services", 3,
								"pool.instances." + spelling + ".max-concurrency", 4,
								"pool.instances." + spelling + ".targets[0]", "a",
								"pool.instances." + spelling + ".targets[1]", "b"))))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasBean("ordersClientPool");
				Pool<?, ?> pool = context.getBean(Pool.class);
				assertThat(pool.name()).isEqualTo("ordersClient");
				assertThat(pool.settings().maxServices()).isEqualTo(7);
				assertThat(pool.settings().maxConcurrency()).isEqualTo(4);
				assertThat(context.getBean(PoolRegistry.class).get("orders-client")).isSameAs(pool);
				assertThat(context.getBean(PoolProperties.class).pool("ordersClient").addresses().targets())
					.containsExactly("c");
			});
	}

	@Test
	void spellingInHigherPropertySourceWins() {
		PoolProperties properties = new PoolProperties();
		properties.getInstances().put("ordersclient", instance(7, null));
		properties.getInstances().put("ordersClient", instance(3, 4));
		PoolConfiguration configuration = properties.pool("orders-client");
		assertThat(configuration.keys().key("maxConcurrency"))
			.isEqualTo("pool.instances.orders-client.max-concurrency");
		PoolBuilder builder = Pool.builder();
		configuration.applyTo(builder);
		try (Pool<String, Integer> pool = builder.build((target) -> Service.of(String::length))) {
			assertThat(pool.settings().maxServices()).isEqualTo(7);
			assertThat(pool.settings().maxConcurrency()).isEqualTo(4);
		}
	}

	@Test
	void ignoresServiceVariablesOfKubernetes() {
		this.runner.withInitializer((context) -> environment(context.getEnvironment().getPropertySources()::addFirst,
				Map.of("POOL_PORT", "tcp://10.0.0.1:80", "POOL_SERVICE_HOST", "10.0.0.1", "POOL_SERVICE_PORT", "80",
						"POOL_PORT_80_TCP", "tcp://10.0.0.1:80", "POOL_PORT_80_TCP_PROTO", "tcp",
						"POOL_PORT_80_TCP_PORT", "80", "POOL_PORT_80_TCP_ADDR", "10.0.0.1")))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Pool.class).settings()).usingRecursiveComparison().isEqualTo(defaults());
			});
	}

	@Test
	void readsTargetsAsNamesOrUris() {
		assertThat(PoolKind.ANY.target("gpu-0")).isEqualTo(Target.of("gpu-0"));
		assertThat(PoolKind.ANY.target("gpu 0")).isEqualTo(Target.of("gpu 0"));
		assertThat(PoolKind.ANY.target("localhost:8080")).isEqualTo(Target.of("localhost:8080"));
		assertThat(PoolKind.ANY.target("redis://cache:6379/1").name()).isEqualTo("redis://cache:6379");
	}

	@ParameterizedTest
	@CsvSource({ "redis://u:p@cache:6379/1?q, redis://cache:6379",
			"jdbc:postgresql://u:p@db/orders?password=p, ***@db/orders?***",
			"jdbc:oracle:thin:u/p@//db:1521/orders, ***@//db:1521/orders", "gpu@rack-1, gpu@rack-1" })
	void masksCredentialsInTargetName(String text, String name) {
		Target target = PoolKind.ANY.target(text);
		assertThat(target.name()).isEqualTo(name);
		assertThat(target).hasToString(name);
		assertThat(text.equals(name) ? text : String.valueOf(target.uri())).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource({ "a_b, aB, true", "A-b, ab, true", "ab, abc, false", "_, -, false", "ä, Ä, true" })
	void comparesNamesByLettersAndDigits(String name, String other, boolean equal) {
		assertThat(PoolName.of(name).equals(PoolName.of(other))).isEqualTo(equal);
		assertThat(PoolName.of(name)).hasToString(name).isNotEqualTo(name);
	}

	private static void assertOnlyDifference(PoolSettings settings, String key) throws IOException {
		PoolSettings defaults = defaults();
		components().forEach((name, component) -> {
			Object expected = name.equals(key) ? SAMPLES.get(key).value() : component.apply(defaults);
			assertThat(comparable(component.apply(settings))).as(name).isEqualTo(comparable(expected));
		});
	}

	private static Object comparable(Object value) {
		return (value instanceof LoadMetric) ? value.toString() : value;
	}

	/**
	 * Return the keys of the options in the metadata.
	 */
	static Set<String> keys() throws IOException {
		return metadata().stream()
			.map((property) -> property.get("name").stringValue().substring("pool.".length()))
			.filter((key) -> !NOT_OPTIONS.contains(key))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static List<JsonNode> metadata() throws IOException {
		try (InputStream input = PoolProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			return JsonMapper.builder()
				.build()
				.readTree(input)
				.get("properties")
				.valueStream()
				.filter((property) -> property.get("name").stringValue().startsWith("pool."))
				.toList();
		}
	}

	private static Map<String, Function<PoolSettings, Object>> components() {
		Map<String, Function<PoolSettings, Object>> components = new TreeMap<>();
		addComponents(components, "", PoolSettings.class, (settings) -> settings);
		return components;
	}

	private static void addComponents(Map<String, Function<PoolSettings, Object>> components, String prefix,
			Class<?> type, Function<PoolSettings, Object> owner) {
		for (Method accessor : accessors(type)) {
			String key = prefix + DataObjectPropertyName.toDashedForm(accessor.getName());
			Function<PoolSettings, Object> value = (settings) -> value(owner.apply(settings), accessor);
			if (accessor.getReturnType().isRecord()) {
				addComponents(components, key + ".", accessor.getReturnType(), value);
			}
			else if (!NOT_OPTIONS.contains(key)) {
				components.put(key, value);
			}
		}
	}

	private static List<Method> accessors(Class<?> type) {
		return Stream.of(type.getDeclaredMethods())
			.filter((method) -> Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0)
			.filter((method) -> !List.of("toString", "hashCode").contains(method.getName()))
			.toList();
	}

	private static Object value(Object owner, Method accessor) {
		try {
			return accessor.invoke(owner);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static PoolSettings defaults() {
		try (Pool<String, Integer> pool = Pool.builder().build((target) -> Service.of(String::length))) {
			return pool.settings();
		}
	}

	private static PoolProperties.Instance instance(Integer maxServices, @Nullable Integer maxConcurrency) {
		PoolProperties.Instance instance = new PoolProperties.Instance();
		instance.setMaxServices(maxServices);
		instance.setMaxConcurrency(maxConcurrency);
		return instance;
	}

	private static void environment(Consumer<SystemEnvironmentPropertySource> sources, Map<String, Object> variables) {
		sources.accept(new SystemEnvironmentPropertySource(
				"test-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
	}

	private static Map.Entry<String, Sample> sample(String key, String text, Object value) {
		return Map.entry(key, new Sample(text, value));
	}

	private record Sample(String text, Object value) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Factory {

		@Bean
		ServiceFactory<String, Integer> ordersClient() {
			return (target) -> Service.of(String::length);
		}

	}

}
