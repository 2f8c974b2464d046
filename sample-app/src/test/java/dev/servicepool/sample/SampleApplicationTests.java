package dev.servicepool.sample;

import java.time.Duration;
import java.util.Optional;

import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.spring.http.HttpCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the sample over HTTP, with its upstream servers.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRestTestClient
class SampleApplicationTests {

	@Autowired
	private RestTestClient client;

	@Autowired
	private Pool<HttpCall, ClientHttpResponse> quotesPool;

	@Test
	void quoteRequestUsesPool() {
		long before = this.quotesPool.snapshot().totals().calls().succeeded();
		JsonNode quote = get("/quotes/ACME");
		assertThat(quote.get("symbol").asString()).isEqualTo("ACME");
		assertThat(quote.get("price").decimalValue()).isPositive();
		assertThat(quote.get("asOf").asString()).isNotEmpty();
		assertThat(this.quotesPool.snapshot().totals().calls().succeeded()).isGreaterThan(before);
	}

	@Test
	void poolScalesUpUnderLoadWithoutFailedCalls() {
		LoadReport report = load(40, 2);
		assertThat(report.failed()).isZero();
		assertThat(report.succeeded()).isGreaterThanOrEqualTo(40).isEqualTo(report.calls());
		assertThat(report.p50Millis()).isBetween(50L, report.p99Millis());
		assertThat(report.maxServices()).isBetween(2, 8);
		// A thread that has ended its last task lives on for a moment.
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.startsWith("load-")));
	}

	@Test
	void poolLearnsConcurrencyLimitWithoutFailedCalls() {
		await().atMost(Duration.ofMinutes(1)).until(() -> {
			assertThat(load(40, 1).failed()).isZero();
			return this.quotesPool.snapshot()
				.events()
				.latest()
				.stream()
				.anyMatch((last) -> last.event().type() == PoolEvent.Type.LIMITED);
		});
		assertThat(this.quotesPool.settings().maxConcurrency()).as("configured limit").isEqualTo(20);
	}

	@ParameterizedTest
	@CsvSource({ "0, 1, callers", "501, 1, callers", "1, 0, seconds", "1, 301, seconds", "-1, 1, callers",
			"many, 1, callers", ", 1, callers", "1, , seconds" })
	void problemNamesParameterWhenLoadIsOutOfRange(String callers, String seconds, String parameter) {
		this.client.post()
			.uri((uri) -> uri.path("/load")
				.queryParamIfPresent("callers", Optional.ofNullable(callers))
				.queryParamIfPresent("seconds", Optional.ofNullable(seconds))
				.build())
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.detail")
			.value((String detail) -> assertThat(detail).contains("'" + parameter + "'"));
	}

	@Test
	void endpointSummarizesPool() {
		get("/quotes/ACME");
		JsonNode quotes = get("/actuator/pool").at("/pools/quotes");
		assertThat(quotes.propertyNames()).contains("level", "loadEstimate", "underutilizedBelow", "loadedAbove",
				"inFlight", "waiting", "size", "minServices", "maxServices", "lastDecision");
		assertThat(quotes.get("size").propertyNames()).containsExactly("total", "ready", "busy", "pending", "paused",
				"ejected", "draining", "closing", "creating");
		assertThat(quotes.get("lastDecision").propertyNames()).contains("timestamp", "type", "reason", "message");
		assertThat(quotes.get("minServices").asInt()).as("one service per server").isEqualTo(2);
		assertThat(quotes.get("maxServices").asInt()).isEqualTo(8);
	}

	@Test
	void endpointShowsServicesAndEvents() {
		get("/quotes/ACME");
		JsonNode quotes = get("/actuator/pool/quotes");
		assertThat(quotes.propertyNames()).contains("settings", "services", "events");
		assertThat(quotes.at("/services/0").propertyNames()).contains("id", "target", "state", "inFlight", "limit",
				"loadScore", "age", "calls", "failures");
		assertThat(quotes.at("/services/0/limit").asInt()).isBetween(1, 20);
		assertThat(quotes.get("events").size()).isPositive();
	}

	@Test
	void endpointIsNotFoundWhenPoolIsUnknown() {
		this.client.get().uri("/actuator/pool/nope").exchange().expectStatus().isNotFound();
	}

	@Test
	void endpointAcceptsOnlyReads() {
		for (String uri : new String[] { "/actuator/pool", "/actuator/pool/quotes" }) {
			this.client.post().uri(uri).exchange().expectStatus().isEqualTo(HttpStatus.METHOD_NOT_ALLOWED);
		}
	}

	@Test
	void prometheusShowsPoolSize() {
		this.client.get()
			.uri("/actuator/prometheus")
			.exchangeSuccessfully()
			.expectBody(String.class)
			.value((metrics) -> assertThat(metrics).containsPattern("(?m)^servicepool_services\\{[^}]*quotes[^}]*} "));
	}

	@Test
	void healthIsUp() {
		assertThat(get("/actuator/health").get("status").asString()).isEqualTo("UP");
	}

	private LoadReport load(int callers, int seconds) {
		LoadReport report = this.client.post()
			.uri("/load?callers={callers}&seconds={seconds}", callers, seconds)
			.exchangeSuccessfully()
			.expectBody(LoadReport.class)
			.returnResult()
			.getResponseBody();
		assertThat(report).isNotNull();
		return report;
	}

	private JsonNode get(String uri) {
		JsonNode body = this.client.get()
			.uri(uri)
			.exchangeSuccessfully()
			.expectBody(JsonNode.class)
			.returnResult()
			.getResponseBody();
		assertThat(body).isNotNull();
		return body;
	}

}
