package dev.servicepool.sample;

import java.math.BigDecimal;
import java.time.Instant;

import dev.servicepool.Pool;
import dev.servicepool.PoolException;
import dev.servicepool.Service;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link PoolProblems}.
 */
class PoolProblemsTests {

	private static final Quote QUOTE = new Quote("ACME", new BigDecimal("100.00"), Instant.EPOCH);

	@Test
	void responseHidesReasonWhenNoQuoteServiceIsAvailable() throws Exception {
		try (Pool<Quote, Quote> closed = closed((quote) -> quote)) {
			PoolException problem = catchThrowableOfType(PoolException.class, () -> closed.call(QUOTE));
			assertHidden(problem, "/quotes/ACME", new QuoteController((symbol) -> {
				throw problem;
			}));
		}
	}

	@Test
	void responseHidesReasonWhenNoForecastModelIsAvailable() throws Exception {
		try (Pool<Quote, Forecast> closed = closed(Forecast::of)) {
			PoolException problem = catchThrowableOfType(PoolException.class, () -> closed.call(QUOTE));
			assertHidden(problem, "/quotes/ACME/forecast", new ForecastController((symbol) -> QUOTE, closed));
		}
	}

	private static void assertHidden(PoolException problem, String uri, Object controller) {
		RestTestClient.bindToController(controller)
			.configureServer((server) -> server.setControllerAdvice(new PoolProblems()))
			.build()
			.get()
			.uri(uri)
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("This service is not available at the moment. Try again later.")
			.jsonPath("$")
			.value((Object body) -> assertThat(body.toString()).doesNotContain(problem.getMessage(), "pool"));
	}

	private static <R> Pool<Quote, R> closed(Service<Quote, R> service) {
		Pool<Quote, R> pool = Pool.of((target) -> service, Target.of("quotes"));
		pool.close();
		return pool;
	}

}
