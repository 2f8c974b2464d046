package dev.servicepool.sample;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

import dev.servicepool.Pool;
import dev.servicepool.sample.upstream.SlowSwitch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the server side of the live page.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRestTestClient
class LiveTests {

	@LocalServerPort
	private int port;

	@Autowired
	private RestTestClient client;

	@Autowired
	private LiveStream stream;

	@Autowired
	private LiveHistory history;

	@Autowired
	private LiveLoad load;

	@Autowired
	private LiveStatistics statistics;

	@Autowired
	private Pool<?, ?> quotesPool;

	@Autowired
	private SlowSwitch slow;

	@Test
	void listenersReceiveHistoryAndFramesUntilTheyDisconnect() throws Exception {
		await().until(() -> !this.history.content().samples().isEmpty() && !this.history.content().events().isEmpty());
		try (Listener one = listen(); Listener other = listen()) {
			JsonNode history = one.next();
			assertThat(history.at("/samples/0/connections").asInt()).isNotNegative();
			assertThat(history.at("/events/0/type").asString()).isEqualTo("created");
			assertThat(other.next().propertyNames()).containsExactlyInAnyOrder("samples", "events");
			JsonNode frame = one.next();
			assertThat(frame.at("/pool/size/total").asInt()).isPositive();
			assertThat(frame.at("/sample/connections").asInt()).isPositive();
			assertThat(frame.at("/forecasts/name").asString()).isEqualTo("forecasts");
			assertThat(frame.at("/servers").valueStream().map(JsonNode::asString))
				.contains(other.next().at("/pool/services/0/target").asString());
			assertThat(this.stream.listeners()).isEqualTo(2);
		}
		await().until(() -> this.stream.listeners() == 0);
	}

	@Test
	void callersRunUntilTheirNumberIsReduced() {
		post("/live/callers?count=5");
		assertThat(this.load.callers()).isEqualTo(5);
		await().until(() -> this.statistics.withPool().summary().succeeded() > 5);
		post("/live/callers?count=0");
		assertThat(this.load.callers()).isZero();
		await().until(() -> this.quotesPool.snapshot().load().inFlight() == 0);
		assertThat(this.statistics.withPool().summary().failed()).isZero();
	}

	@Test
	void callersUsePlainClientWhilePoolingIsOff() {
		post("/live/callers?count=5");
		post("/live/pooling?on=false");
		assertThat(this.load.callers()).isEqualTo(5);
		assertThat(this.load.isPooling()).isFalse();
		await().until(() -> this.quotesPool.snapshot().load().inFlight() == 0);
		long pooled = this.statistics.withPool().summary().succeeded();
		long plain = this.statistics.withoutPool().summary().succeeded();
		await().until(() -> this.statistics.withoutPool().summary().succeeded() > plain + 5);
		assertThat(this.statistics.withPool().summary().succeeded()).isEqualTo(pooled);
		post("/live/pooling?on=true");
		await().until(() -> this.statistics.withPool().summary().succeeded() > pooled);
		post("/live/callers?count=0");
	}

	@Test
	void forecastCallersRunUntilTheirNumberIsReduced() {
		post("/live/forecast-callers?count=3");
		assertThat(this.load.forecastCallers()).isEqualTo(3);
		await().until(() -> this.statistics.forecasts().summary().succeeded() > 3);
		post("/live/forecast-callers?count=0");
		assertThat(this.load.forecastCallers()).isZero();
		assertThat(this.statistics.forecasts().summary().failed()).isZero();
	}

	@Test
	void secondServerIsSlowWhileSwitchIsOn() {
		post("/live/slow?on=true");
		assertThat(this.slow.isOn()).isTrue();
		post("/live/slow?on=false");
		assertThat(this.slow.isOn()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "callers, -1", "callers, 101", "callers, many", "callers, ''", "forecast-callers, -1",
			"forecast-callers, 11" })
	void problemNamesParameterWhenCallersAreOutOfRange(String path, String count) {
		this.client.post()
			.uri("/live/{path}?count={count}", path, count)
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.detail")
			.value((String detail) -> assertThat(detail).contains("'count'"));
	}

	private void post(String uri) {
		this.client.post().uri(uri).exchange().expectStatus().isNoContent();
	}

	private Listener listen() throws Exception {
		URI uri = URI.create("http://127.0.0.1:" + this.port + "/live");
		HttpResponse<InputStream> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
		return new Listener(new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
	}

	/**
	 * Listener of the stream.
	 *
	 * @param lines the lines of the response
	 */
	private record Listener(BufferedReader lines) implements Closeable {

		/** Wait for the next message and return its data. */
		private JsonNode next() throws IOException {
			String line = this.lines.readLine();
			while (!line.startsWith("data:")) {
				line = this.lines.readLine();
			}
			return new JsonMapper().readTree(line.substring("data:".length()));
		}

		@Override
		public void close() throws IOException {
			this.lines.close();
		}

	}

}
