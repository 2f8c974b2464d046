package dev.servicepool.sample;

import java.io.BufferedReader;
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
import org.junit.jupiter.params.provider.ValueSource;
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
	private LiveLoad load;

	@Autowired
	private Pool<?, ?> pool;

	@Autowired
	private SlowSwitch slow;

	@Test
	void listenersReceiveFramesUntilTheyDisconnect() throws Exception {
		try (InputStream one = listen(); InputStream other = listen()) {
			assertThat(frame(one).at("/pool/size/total").asInt()).isPositive();
			assertThat(frame(other).at("/pool/services/0/target").asString())
				.isEqualTo(frame(one).at("/servers/0").asString());
			assertThat(this.stream.listeners()).isEqualTo(2);
		}
		await().until(() -> this.stream.listeners() == 0);
	}

	@Test
	void callersRunUntilTheirNumberIsReduced() {
		post("/live/callers?count=5");
		assertThat(this.load.callers()).isEqualTo(5);
		await().until(() -> this.load.succeeded() > 5);
		post("/live/callers?count=0");
		assertThat(this.load.callers()).isZero();
		await().until(() -> this.pool.snapshot().inFlight() == 0);
		assertThat(this.load.failed()).isZero();
	}

	@Test
	void secondServerIsSlowWhileSwitchIsOn() {
		post("/live/slow?on=true");
		assertThat(this.slow.isOn()).isTrue();
		post("/live/slow?on=false");
		assertThat(this.slow.isOn()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "101", "many", "" })
	void problemNamesParameterWhenCallersAreOutOfRange(String count) {
		this.client.post()
			.uri("/live/callers?count={count}", count)
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

	private InputStream listen() throws Exception {
		URI uri = URI.create("http://127.0.0.1:" + this.port + "/live");
		HttpResponse<InputStream> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
		return response.body();
	}

	private static JsonNode frame(InputStream stream) throws Exception {
		BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
		String line = lines.readLine();
		while (!line.startsWith("data:")) {
			line = lines.readLine();
		}
		return new JsonMapper().readTree(line.substring("data:".length()));
	}

}
