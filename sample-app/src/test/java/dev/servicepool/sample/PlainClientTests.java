package dev.servicepool.sample;

import java.util.List;
import java.util.Map;

import dev.servicepool.Pool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the sample without a pool.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "pool.instances.quotes.enabled=false")
@AutoConfigureRestTestClient
@ExtendWith(OutputCaptureExtension.class)
class PlainClientTests {

	@Autowired
	private RestTestClient client;

	@Autowired
	private Map<String, Pool<?, ?>> pools;

	@BeforeEach
	void requestQuoteWithoutPool() {
		assertThat(this.pools).containsOnlyKeys("forecastsPool");
		this.client.get()
			.uri("/quotes/ACME")
			.exchangeSuccessfully()
			.expectBody()
			.jsonPath("$.symbol")
			.isEqualTo("ACME");
	}

	@Test
	void someCallsFailUnderLoadWithoutPool(CapturedOutput output) {
		LoadReport report = this.client.post()
			.uri("/load?callers=40&seconds=2")
			.exchangeSuccessfully()
			.expectBody(LoadReport.class)
			.returnResult()
			.getResponseBody();
		assertThat(report).isNotNull();
		assertThat(report.succeeded()).isPositive();
		assertThat(report.failed()).isPositive();
		assertThat(report.maxServices()).isZero();
		assertThat(output).contains("too many concurrent streams");
	}

	@Test
	void framesContainNoPoolAndCallsWithoutPool(@Autowired LiveFrameFactory frames) {
		this.client.post().uri("/load?callers=1&seconds=1").exchangeSuccessfully();
		LiveFrame frame = frames.frame(List.of());
		assertThat(frame.pool()).isNull();
		assertThat(frame.sample()).isNull();
		assertThat(frame.forecasts()).isNotNull();
		assertThat(frame.calls().withPool()).isEqualTo(CallSummary.NONE);
		assertThat(frame.calls().withoutPool().succeeded()).isPositive();
	}

}
