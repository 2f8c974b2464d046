package dev.servicepool.spring.autoconfigure;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.HttpClientService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failure analyses of misconfigured pools of HTTP clients, with their exact
 * text. {@link PoolFirstCallMisuseTests} covers mistakes that only the first call
 * reveals.
 */
class PoolMisuseTests {

	private static final String INSTANCE = "pool.instances.orders.";

	private static final String TARGET = INSTANCE + "targets=http://127.0.0.1:1";

	private final ApplicationContextRunner runner = Applications.plain();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					ftp://a             | its scheme must be http or https
					lb://orders         | its scheme must be http or https
					localhost:8080      | it must start with http:// or https://
					orders              | it must start with http:// or https://
					http:orders         | it must start with http:// or https://
					//orders            | it must start with http:// or https://
					http://             | it must contain a host, as in http://host:port
					http:///orders      | it must contain a host, as in http://host:port
					https://:443        | it must contain a host, as in http://host:port
					http://my_orders    | a host name must not contain an underscore; use another name or the IP address
					http://my_orders:80 | a host name must not contain an underscore; use another name or the IP address
					http://\u00fcber:80 | the host must be an IP address, or consist of letters from a to z, digits, hyphens, and dots
					http://a..b:80      | the host must be an IP address, or consist of letters from a to z, digits, hyphens, and dots
					http://a b          | use the form http://host:port (illegal character in authority)
					http://a/orders     | remove the path, because it belongs to the requests
					http://a:0          | its port must be between 1 and 65535
					http://a:70000      | its port must be between 1 and 65535
					http://a:7000000000 | its port must be between 1 and 65535
					http://a:-1         | its port must be between 1 and 65535
					http://a:http       | its port must be between 1 and 65535
					""")
	void rejectsInvalidTarget(String value, String remedy) {
		assertRejected(analyze(TARGET + "," + value), "targets", "contains '" + value + "'", remedy);
	}

	@ParameterizedTest
	@CsvSource({ "http://a?q, http://a?***, 'remove the query, because it belongs to the requests'",
			"http://a/?q=1, http://a/?***, 'remove the query, because it belongs to the requests'",
			"http://a#orders, http://a#***, remove the fragment" })
	void masksQueryAndFragmentOfTarget(String value, String shown, String remedy) {
		assertRejected(analyze(TARGET + "," + value), "targets", "contains '" + shown + "'", remedy);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			search          | it must start with http:// or https://
			ftp://search    | its scheme must be http or https
			http://search/a | remove the path, because it belongs to the requests
			""")
	void rejectsInvalidUrl(String value, String remedy) {
		assertRejected(analyze(TARGET, INSTANCE + "url=" + value), "url", "is '" + value + "'", remedy);
	}

	@ParameterizedTest
	@CsvSource({ "http://bob:s3cret@a, http://***@a", "http://bob:s3/cret@a:80, http://***@a:80",
			"http://bob:s3@cret@a/x, http://***@a/x", "ftp://bob@a, ftp://***@a", "bob:s3cret@a, ***@a" })
	void rejectsAndMasksCredentialsInAddress(String value, String printed) {
		String remedy = "remove the user name and the password, and let the client send an Authorization header";
		assertRejected(analyze(TARGET + "," + value), "targets", "contains '" + printed + "'", remedy);
		assertRejected(analyze(TARGET, INSTANCE + "url=" + value), "url", "is '" + printed + "'", remedy);
	}

	@ParameterizedTest
	@ValueSource(strings = { "targets=http://a,", "targets=,http://a", "targets=http://a, ,http://b", "targets[0]=" })
	void rejectsBlankTarget(String property) {
		assertRejected(analyze(INSTANCE + property), "targets", "contains ''",
				"use the form http://host:port, or remove the value");
	}

	@Test
	void rejectsBlankUrl() {
		assertRejected(analyze(TARGET, INSTANCE + "url="), "url", "is ''",
				"use the form http://host:port, or remove the value");
	}

	@ParameterizedTest
	@CsvSource({ "http://a, http://a", "http://a, http://a/", "http://a:80, HTTP://A", "https://a, https://A:443" })
	void rejectsDuplicateTargetInAnySpelling(String target, String again) {
		assertRejected(analyze(INSTANCE + "targets=" + target + ",http://b," + again), "targets",
				"contains '" + target + "' and '" + again + "'", "it must contain each target only once");
	}

	@Test
	void rejectsEmptyTargets() {
		FailureAnalysis analysis = analyze(INSTANCE + "targets=", INSTANCE + "url=http://orders");
		assertThat(analysis.getDescription())
			.isEqualTo("'pool.instances.orders' configures the pool 'orders', but no targets are set, and no"
					+ " ServiceFactory bean or Pool bean has that name; no pools exist.");
		assertThat(analysis.getAction()).isEqualTo(
				"Set 'pool.instances.orders.targets' to create a pool of HTTP clients, correct the name, declare a"
						+ " ServiceFactory bean named 'orders', or remove 'pool.instances.orders'.");
	}

	@Test
	void rejectsFewerServicesThanTargets() {
		assertRejected(analyze(INSTANCE + "targets=http://a,http://b,http://c", INSTANCE + "max-services=2"),
				"max-services", "is 2", "it must be at least the number of targets (3)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			client.connect-timeout=-1s   | is PT-1S     | it must not be negative
			client.connect-timeout=-1    | is PT-0.001S | it must not be negative
			client.read-timeout=-5s      | is PT-5S     | it must not be negative
			client.connect-timeout=0     | is PT0S      | it must be greater than zero for the JDK's HTTP client
			""")
	void rejectsInvalidTimeout(String property, String problem, String remedy) {
		assertRejected(analyze(TARGET, INSTANCE + property), property.substring(0, property.indexOf('=')), problem,
				remedy);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			retry.max-retries=-1       | is -1        | it must not be negative
			retry.budget.ratio=1.1     | is 1.1       | it must be between 0 and 1
			retry.budget.per-second=-1 | is -1        | it must not be negative
			retry.statuses=503,200     | contains 200 | each status must be from 400 to 599
			deadline=-1s               | is PT-1S     | it must not be negative
			deadline-header=X Deadline | is 'X Deadline' | it must be the name of a header field
			hedge.percentile=200       | is 200.0     | it must be above 0 and below 100
			hedge.percentile=0         | is 0.0       | it must be above 0 and below 100
			hedge.percentile=NaN       | is NaN       | it must be above 0 and below 100
			hedge.delay=-1s            | is PT-1S     | it must not be negative
			""")
	void rejectsInvalidRequestOption(String property, String problem, String remedy) {
		String key = property.substring(0, property.indexOf('='));
		assertRejected(analyze(TARGET, INSTANCE + property), key, problem, remedy);
		FailureAnalysis common = StartupFailures.analyzeWithOrigin(this.runner, TARGET, "pool." + property);
		assertThat(common.getDescription()).contains("'pool." + key + "' " + problem,
				"\"pool." + key + "\" from property source \"test\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.", INSTANCE })
	void rejectsBothHedgeOptions(String prefix) {
		FailureAnalysis analysis = StartupFailures.analyzeWithOrigin(this.runner, TARGET,
				prefix + "hedge.percentile=95", prefix + "hedge.delay=50ms");
		assertThat(analysis.getDescription()).contains(
				"'" + prefix + "hedge.percentile' is set, and so is 'hedge.delay'",
				"\"" + prefix + "hedge.percentile\" from property source \"test\"");
		assertThat(analysis.getAction()).contains("remove one of them");
	}

	@ParameterizedTest
	@ValueSource(strings = { "hedge.percentile=95", "hedge.delay=1s" })
	@DisabledForJreRange(min = JRE.JAVA_21)
	void rejectsHedgingWithoutVirtualThreads(String property) {
		assertRejected(analyze(TARGET, INSTANCE + property), property.substring(0, property.indexOf('=')), "is set",
				"it requires virtual threads; use Java 21 or later, or remove it");
	}

	@ParameterizedTest
	@ValueSource(strings = { "hedge.percentile=95", "hedge.delay=1s" })
	void rejectsHedgingWithClientThatIgnoresInterrupts(String property) {
		assertRejected(analyze(TARGET, INSTANCE + property, "spring.http.clients.imperative.factory=simple"),
				property.substring(0, property.indexOf('=')), "is set",
				"it requires an HTTP client that ends a request when its thread is interrupted;"
						+ " use the client of the JDK, Jetty, or Reactor Netty, or remove it");
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void hedgeOptionOfPoolReplacesThatOfAllPools() {
		this.runner.withPropertyValues(TARGET, "pool.hedge.percentile=95", INSTANCE + "hedge.delay=50ms")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "methods, POST, 'GET, HEAD'", "failures, status, 'CONNECTION_LOST'" })
	void rejectsUnknownNameInRequestOption(String option, String value, String valid) {
		FailureAnalysis analysis = StartupFailures.analyzeWithOrigin(this.runner, TARGET,
				INSTANCE + "retry." + option + "=" + value);
		assertThat(analysis.getDescription()).contains("Property: pool.instances.orders.retry." + option,
				"Value: \"" + value + "\"", "Origin: \"pool.instances.orders.retry." + option);
		assertThat(analysis.getAction()).contains("The following values are valid").contains(valid.split(", "));
	}

	@ParameterizedTest
	@ValueSource(strings = { "retry.failures=timeout", "retry.statuses=503", "retry.methods=GET", "deadline=1s",
			"deadline-header=X-Deadline", "hedge.percentile=95", "hedge.delay=1s" })
	void rejectsRequestOptionOfOtherPool(String property) {
		String key = property.substring(0, property.indexOf('='));
		assertRejected(
				StartupFailures.analyze(this.runner.withUserConfiguration(OtherFactory.class), INSTANCE + property),
				key, "is set", "remove it, because this pool does not accept HTTP requests");
		this.runner.withUserConfiguration(OtherFactory.class)
			.withPropertyValues("pool." + property)
			.run((context) -> assertThat(context).as("property of all pools").hasNotFailed());
	}

	@Test
	void acceptsZeroReadTimeout() {
		this.runner.withPropertyValues(TARGET, INSTANCE + "client.read-timeout=0")
			.run((context) -> assertThat(context).hasSingleBean(Pool.class));
	}

	@Test
	void rejectsUnknownHttpVersion() {
		FailureAnalysis analysis = analyze(TARGET, INSTANCE + "client.http-version=http-3");
		assertThat(analysis.getDescription()).contains("Property: pool.instances.orders.client.http-version",
				"Value: \"http-3\"");
		assertThat(analysis.getAction()).contains("Update your application's configuration", "HTTP_1_1", "HTTP_2");
	}

	@Test
	void rejectsHttpVersionWhenClientDoesNotSupportIt() {
		FailureAnalysis analysis = analyze(TARGET, INSTANCE + "client.http-version=http-2",
				"spring.http.clients.imperative.factory=simple");
		assertThat(analysis.getDescription()).isEqualTo(
				"'pool.instances.orders.client.http-version' is HTTP_2, but only the HTTP clients of the JDK and of Jetty"
						+ " with jetty-http2-client-transport support this property, and"
						+ " SimpleClientHttpRequestFactoryBuilder builds the clients.");
		assertThat(analysis.getAction()).isEqualTo("Remove 'pool.instances.orders.client.http-version', or set"
				+ " 'spring.http.clients.imperative.factory' to 'jdk'.");
	}

	@Test
	void rejectsUnknownSslBundle() {
		FailureAnalysis analysis = analyze(TARGET, INSTANCE + "client.ssl.bundle=trusted",
				"spring.ssl.bundle.jks.trusting.truststore.location=nowhere");
		assertThat(analysis.getDescription())
			.isEqualTo("'pool.instances.orders.client.ssl.bundle' is 'trusted', but no SSL bundle has that name;"
					+ " the bundles are 'trusting'.");
		assertThat(analysis.getAction())
			.isEqualTo("Correct the name, or configure the bundle under 'spring.ssl.bundle'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "client.connect-timeout=1s", "client.read-timeout=1s", "client.ssl.bundle=trusting",
			"client.http-version=http-2", "client.redirects=follow", "client.cookie-handling=disable",
			"retry-after-statuses=503", "server-name=target" })
	void rejectsClientPropertyWhenBeanCreatesServices(String property) {
		String key = INSTANCE + property.substring(0, property.indexOf('='));
		for (Class<?> factory : new Class<?>[] { HttpFactory.class, OtherFactory.class }) {
			FailureAnalysis analysis = StartupFailures.analyze(this.runner.withUserConfiguration(factory), TARGET,
					INSTANCE + property);
			assertThat(analysis.getDescription()).isEqualTo("'" + key + "' is set, but the ServiceFactory bean"
					+ " 'orders' creates the services of that pool and ignores this property.");
			assertThat(analysis.getAction())
				.isEqualTo("Remove '" + key + "' and configure the services in that bean, or remove the bean.");
		}
	}

	private FailureAnalysis analyze(String... properties) {
		return StartupFailures.analyze(this.runner, properties);
	}

	private static void assertRejected(FailureAnalysis analysis, String property, String problem, String remedy) {
		assertThat(analysis.getDescription())
			.isEqualTo("Pool 'orders' cannot be created: 'pool.instances.orders." + property + "' " + problem + ".");
		assertThat(analysis.getAction()).isEqualTo("Change 'pool.instances.orders." + property + "': " + remedy + ".");
	}

	@Configuration(proxyBeanMethods = false)
	static class HttpFactory {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> orders() {
			return (target) -> HttpClientService.of(target, new JdkClientHttpRequestFactory());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherFactory {

		@Bean
		ServiceFactory<String, Integer> orders() {
			return (target) -> Service.of(String::length);
		}

	}

}
