package dev.servicepool.spring.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests that each optional library is optional. An application starts and calls its pool
 * with a class path that lacks the library. A filtering class loader is not sufficient: a
 * test that names an auto-configuration loads it together with its annotations of the
 * library, but an application does not.
 */
@Tag("slow")
class PoolOptionalLibrariesTests {

	/** Beans that exist with each class path if there is something to pool. */
	private static final List<String> POOL = List.of("PoolDecisionLog", "PoolLifecycle", "PoolFactory",
			"PoolProperties", "PoolRegistry", "PoolStartupCheck", "TargetSources", "DefaultPool");

	private static final List<String> ENDPOINT = List.of("PoolEndpoint", "PoolEndpointWebExtension");

	private static final List<String> HEALTH = List.of("PoolHealthContributor");

	private static final List<String> METERS = List.of("PoolMetrics");

	private static final List<String> CLIENTS = List.of("ConfiguredPoolsConfiguration", "HttpPoolFactory",
			"HttpPoolKind", "HttpPoolProperties", "PoolRoutes", "PooledRestClients", "RequestHandling",
			"RoutingRequestFactoryBuilderPostProcessor");

	private static final Pattern EVERYTHING = Pattern
		.compile("spring-boot-(?!autoconfigure-|\\d)|spring-web|micrometer-|tomcat-|jackson-");

	@Test
	void allBeansExistWithAllLibraries() throws Exception {
		assertThat(run(ForkedClassPath.ofTests())).isEqualTo(union(POOL, ENDPOINT, HEALTH, METERS, CLIENTS));
	}

	@ParameterizedTest(name = "without {0}")
	@MethodSource("absences")
	void startsWithoutLibraryAndItsDependentBeans(Pattern library, List<String> types, Set<String> beans)
			throws Exception {
		ForkedClassPath classPath = ForkedClassPath.ofTests();
		ForkedClassPath reduced = classPath.without(library);
		for (String type : types) {
			assertThat(classPath.has(type)).as(type).isTrue();
			assertThat(reduced.has(type)).as(type).isFalse();
		}
		assertThat(run(reduced)).isEqualTo(beans);
	}

	static Stream<Arguments> absences() {
		return Stream.of(
				arguments(library("the actuator", "spring-boot-actuator|spring-boot-health"),
						List.of("org.springframework.boot.actuate.endpoint.annotation.Endpoint",
								"org.springframework.boot.health.contributor.Health"),
						union(POOL, METERS, CLIENTS)),
				arguments(library("Micrometer", "spring-boot-micrometer|micrometer-(core|jakarta9)"),
						List.of("io.micrometer.core.instrument.MeterRegistry"), union(POOL, ENDPOINT, HEALTH, CLIENTS)),
				arguments(library("a web server and Jackson",
						"tomcat-|jackson-|spring-boot-(tomcat|web-server|servlet|webmvc|jackson)|spring-webmvc"),
						List.of("jakarta.servlet.Servlet", "com.fasterxml.jackson.annotation.JsonInclude"),
						union(POOL, ENDPOINT, HEALTH, METERS, CLIENTS)),
				arguments(library("Boot's RestClient", "spring-boot-(restclient|http-client)"),
						List.of("org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder"),
						union(POOL, ENDPOINT, HEALTH, METERS)),
				arguments(library("RestClient", "spring-web-|spring-webmvc-"),
						List.of("org.springframework.web.client.RestClient"), union(POOL, ENDPOINT, HEALTH, METERS)),
				arguments(named("all of them", EVERYTHING), List.of("org.springframework.http.HttpMethod"),
						union(POOL)));
	}

	@Test
	void startsWithoutLibrariesAndWithoutPools() throws Exception {
		Set<String> beans = ForkedClassPath.ofTests()
			.without(EVERYTHING)
			.run(OptionalLibrariesApplication.class, false);
		assertThat(beans).isNotEmpty().doesNotContain("DefaultPool");
	}

	private static Set<String> run(ForkedClassPath classPath) throws Exception {
		return classPath.run(OptionalLibrariesApplication.class, true);
	}

	private static Object library(String name, String jars) {
		return named(name, Pattern.compile(jars));
	}

	@SafeVarargs
	private static Set<String> union(List<String>... beans) {
		Set<String> union = new TreeSet<>();
		for (List<String> some : beans) {
			union.addAll(some);
		}
		return union;
	}

}
