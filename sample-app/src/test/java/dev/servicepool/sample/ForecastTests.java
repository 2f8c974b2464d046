package dev.servicepool.sample;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for forecasts and the pool of their models.
 */
@Tag("slow")
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "pool.instances.forecasts.idle-timeout=500ms")
@AutoConfigureRestTestClient
class ForecastTests {

	@Autowired
	private RestTestClient client;

	@Autowired
	private Pool<Quote, Forecast> forecasts;

	@Test
	void forecastRequestUsesBothPools(@Autowired Pool<?, ?> quotesPool) {
		long quotes = quotesPool.snapshot().totals().calls().succeeded();
		long forecasts = this.forecasts.snapshot().totals().calls().succeeded();
		Quote quote = get("/quotes/ACME", Quote.class);
		Forecast forecast = get("/quotes/ACME/forecast", Forecast.class);
		assertThat(forecast.symbol()).isEqualTo("ACME");
		assertThat(forecast.price()).isGreaterThan(quote.price());
		assertThat(forecast.at()).isAfter(quote.asOf());
		assertThat(quotesPool.snapshot().totals().calls().succeeded()).isGreaterThanOrEqualTo(quotes + 2);
		assertThat(this.forecasts.snapshot().totals().calls().succeeded()).isGreaterThan(forecasts);
	}

	@Test
	void modelsAreAddedUnderLoadAndRemovedWhenIdle() throws Exception {
		Quote quote = get("/quotes/ACME", Quote.class);
		ExecutorService threads = Executors.newFixedThreadPool(16);
		try {
			Callable<Forecast> call = () -> this.forecasts.call(quote);
			for (Future<Forecast> forecast : threads.invokeAll(Collections.nCopies(64, call))) {
				assertThat(forecast.get().price()).isGreaterThan(BigDecimal.ONE);
			}
		}
		finally {
			threads.shutdown();
		}
		PoolSnapshot loaded = this.forecasts.snapshot();
		assertThat(loaded.totals().calls().failed()).as("calls of a model that was already calculating").isZero();
		assertThat(loaded.totals().creations().created()).isGreaterThan(1);
		assertThat(loaded.size().total()).isLessThanOrEqualTo(4);
		assertThat(loaded.settings().maxConcurrency()).isEqualTo(1);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.forecasts.snapshot().size().total() == 1);
	}

	@Test
	void endpointShowsPoolOfModels() {
		assertThat(get("/actuator/pool", JsonNode.class).at("/pools").propertyNames())
			.containsAll(List.of("forecasts", "quotes"));
		JsonNode forecasts = get("/actuator/pool/forecasts", JsonNode.class);
		assertThat(forecasts.at("/maxServices").asInt()).isEqualTo(4);
		assertThat(forecasts.at("/settings/maxConcurrency").asInt()).isEqualTo(1);
	}

	private <T> T get(String uri, Class<T> type) {
		T body = this.client.get().uri(uri).exchangeSuccessfully().expectBody(type).returnResult().getResponseBody();
		assertThat(body).isNotNull();
		return body;
	}

}
