package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PoolEndpointAutoConfiguration} over HTTP.
 */
class PoolEndpointAutoConfigurationTests {

	private static final HttpClient client = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		context = new SpringApplicationBuilder(Application.class)
			.properties(Map.of("server.port", "0", "spring.main.banner-mode", "off",
					"management.endpoints.web.exposure.include", "pool", "pool.instances.model.min-services", "2",
					"pool.instances.model.max-services", "3", "pool.instances.model.max-concurrency", "1"))
			.run();
		await().until(() -> pool("modelPool").snapshot().size().ready() == 2
				&& pool("lengthsPool").snapshot().size().ready() == 1);
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void returnsSummaryOfEachPool() throws Exception {
		try (Lease<?, ?> lease = pool("modelPool").acquire(Duration.ofSeconds(10))) {
			assertThat(lease.target().name()).isEqualTo("model");
			JsonNode json = get("/actuator/pool", 200);
			assertThat(json.propertyNames()).containsExactly("pools");
			assertThat(json.get("pools").propertyNames()).containsExactly("lengths", "model");
			JsonNode model = json.at("/pools/model");
			assertThat(model.propertyNames()).containsExactly("level", "loadEstimate", "underutilizedBelow",
					"loadedAbove", "inFlight", "waiting", "size", "minServices", "maxServices", "outage",
					"lastDecision");
			assertThat(model.get("level").stringValue()).isEqualTo("normal");
			assertThat(model.get("loadEstimate").doubleValue()).isBetween(0.0, 1.0);
			assertThat(model.get("underutilizedBelow").doubleValue()).isEqualTo(0.00001);
			assertThat(model.get("loadedAbove").doubleValue()).isEqualTo(0.2);
			assertThat(model.get("inFlight").intValue()).isOne();
			assertThat(model.get("waiting").intValue()).isZero();
			assertThat(model.get("size").toString()).isEqualTo(
					"{\"total\":2,\"ready\":1,\"busy\":1,\"pending\":0,\"paused\":0,\"ejected\":0,\"draining\":0,"
							+ "\"closing\":0,\"creating\":0}");
			assertThat(model.get("minServices").intValue()).isEqualTo(2);
			assertThat(model.get("maxServices").intValue()).isEqualTo(3);
			JsonNode decision = model.get("lastDecision");
			assertThat(decision.propertyNames()).containsExactly("timestamp", "type", "reason", "message", "count",
					"service", "poolSize");
			assertThat(decision.get("timestamp").stringValue())
				.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
			assertThat(decision.get("type").stringValue()).isEqualTo("joined");
			assertThat(decision.get("message").stringValue()).isNotEmpty();
		}
	}

	@Test
	void returnsNullForUnlimitedSettings() throws Exception {
		JsonNode lengths = get("/actuator/pool", 200).at("/pools/lengths");
		assertThat(lengths.has("maxServices")).isTrue();
		assertThat(lengths.get("maxServices").isNull()).isTrue();
		JsonNode details = get("/actuator/pool/lengths", 200);
		assertThat(details.get("maxServices").isNull()).isTrue();
		assertThat(details.at("/settings/maxServices").isNull()).isTrue();
		assertThat(details.at("/settings/maxConcurrency").isNull()).isTrue();
		assertThat(details.at("/services/0/limit").isNull()).isTrue();
		assertThat(details.at("/services/0/learnedLimit").isNull()).isTrue();
	}

	@Test
	void returnsSettingsServicesAndEventsOfPool() throws Exception {
		JsonNode model = get("/actuator/pool/model", 200);
		assertThat(model.propertyNames()).containsExactly("name", "level", "loadEstimate", "underutilizedBelow",
				"loadedAbove", "inFlight", "waiting", "size", "minServices", "maxServices", "outage", "lastDecision",
				"headroom", "retries", "drainedTargets", "targets", "settings", "services", "events");
		assertThat(model.at("/headroom/window").stringValue()).isEqualTo("PT10S");
		assertThat(model.at("/headroom/peak").isInt()).isTrue();
		JsonNode settings = model.get("settings");
		assertThat(settings.propertyNames()).containsExactly("initial", "underutilizedBelow", "loadedAbove", "urgency",
				"minServices", "maxServices", "scaleUp", "zone", "subset", "maxConcurrency", "acquireTimeout",
				"maxWaiting", "createTimeout", "backoff", "maxBackoff", "closeTimeout", "headroomWindow", "idleTimeout",
				"maxLifetime", "maxRequestsPerService", "maxIdleTime", "drainTimeout", "maxSurge", "replaceRatio",
				"coldAfter", "outlierDetection", "retry", "leakDetectionThreshold", "trackLeases", "loadMetric");
		assertThat(settings.get("acquireTimeout").stringValue()).isEqualTo("PT30S");
		assertThat(settings.at("/outlierDetection/consecutiveFailures").intValue()).isEqualTo(5);
		assertThat(settings.get("retry").propertyNames()).containsExactly("maxRetries", "budgetRatio",
				"budgetPerSecond");
		assertThat(settings.get("loadMetric").stringValue()).isEqualTo("peak-ewma");
		assertThat(model.get("services")).hasSize(2);
		JsonNode service = model.at("/services/0");
		assertThat(service.propertyNames()).containsExactly("id", "target", "state", "inFlight", "limit",
				"learnedLimit", "loadScore", "age", "calls", "failures", "ejections", "suspension", "details");
		assertThat(service.get("id").intValue()).isOne();
		assertThat(service.get("target").stringValue()).isEqualTo("model");
		assertThat(service.get("state").stringValue()).isIn("ready", "busy");
		assertThat(service.get("limit").intValue()).isOne();
		assertThat(service.get("learnedLimit").intValue()).isOne();
		assertThat(service.get("loadScore").isNumber()).isTrue();
		assertThat(Duration.parse(service.get("age").stringValue())).isPositive();
		assertThat(model.get("events")).hasSizeBetween(4, 50);
		JsonNode event = model.at("/events/0");
		assertThat(event.propertyNames()).containsExactly("timestamp", "type", "reason", "message", "count", "service",
				"poolSize");
		assertThat(event.get("type").stringValue()).isEqualTo("created");
		assertThat(event.get("count").intValue()).isOne();
	}

	@Test
	void respondsWith404ForUnknownPool() throws Exception {
		assertThat(send("GET", "/actuator/pool/unknown").statusCode()).isEqualTo(404);
	}

	@Test
	void isListedInEndpointLinks() throws Exception {
		JsonNode links = get("/actuator", 200).get("_links");
		assertThat(links.propertyNames()).containsExactly("self", "pool-name", "pool");
		assertThat(links.at("/pool/href").stringValue()).endsWith("/actuator/pool");
		assertThat(links.at("/pool-name/href").stringValue()).endsWith("/actuator/pool/{name}");
		assertThat(links.at("/pool-name/templated").booleanValue()).isTrue();
	}

	@Test
	void hasOnlyReadOperations() {
		assertThat(context.getBean(WebEndpointsSupplier.class).getEndpoints())
			.filteredOn((endpoint) -> endpoint.getEndpointId().equals(EndpointId.of("pool")))
			.singleElement()
			.satisfies((endpoint) -> assertThat(endpoint.getOperations()).hasSize(2)
				.allSatisfy((operation) -> assertThat(operation.getType()).isEqualTo(OperationType.READ)));
	}

	@Test
	void respondsWith405ForWriteMethods() throws Exception {
		for (String method : new String[] { "POST", "PUT", "DELETE" }) {
			assertThat(send(method, "/actuator/pool").statusCode()).isEqualTo(405);
			assertThat(send(method, "/actuator/pool/model").statusCode()).isEqualTo(405);
			assertThat(send(method, "/actuator/pool/model/reset").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void linksListNoOperation() throws Exception {
		assertThat(get("/actuator", 200).get("_links").propertyNames()).containsExactlyInAnyOrder("self", "pool",
				"pool-name");
	}

	@Test
	void returnsNoPoolsWhenNoneExist() throws Exception {
		try (ConfigurableApplicationContext empty = new SpringApplicationBuilder(Empty.class)
			.properties("server.port=0", "spring.main.banner-mode=off",
					"management.endpoints.web.exposure.include=pool")
			.run()) {
			assertThat(send(empty, "GET", "/actuator/pool").body()).isEqualTo("{\"pools\":{}}");
		}
	}

	private static JsonNode get(String path, int status) throws Exception {
		HttpResponse<String> response = send("GET", path);
		assertThat(response.statusCode()).isEqualTo(status);
		return JsonMapper.builder().build().readTree(response.body());
	}

	private static HttpResponse<String> send(String method, String path) throws Exception {
		return send(context, method, path);
	}

	private static HttpResponse<String> send(ConfigurableApplicationContext context, String method, String path)
			throws Exception {
		int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.method(method, HttpRequest.BodyPublishers.noBody())
			.build();
		return client.send(request, HttpResponse.BodyHandlers.ofString());
	}

	private static Pool<?, ?> pool(String bean) {
		return context.getBean(bean, Pool.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ServiceFactory<String, Integer> model() {
			return (target) -> Service.of(String::length);
		}

		@Bean
		ServiceFactory<String, Integer> lengths() {
			return (target) -> Service.of(String::length);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Empty {

	}

}
