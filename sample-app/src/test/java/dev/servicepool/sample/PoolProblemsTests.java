package dev.servicepool.sample;

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

	@Test
	void responseHidesReasonWhenNoServiceIsAvailable() {
		PoolException problem = problem();
		RestTestClient client = RestTestClient.bindToController(new QuoteController((symbol) -> {
			throw problem;
		})).configureServer((server) -> server.setControllerAdvice(new PoolProblems())).build();
		client.get()
			.uri("/quotes/ACME")
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("The quotes are not available at the moment. Try again later.")
			.jsonPath("$")
			.value((Object body) -> assertThat(body.toString()).doesNotContain(problem.getMessage(), "pool"));
	}

	private static PoolException problem() {
		Pool<String, String> pool = Pool.of((target) -> Service.of((request) -> request), Target.of("quotes"));
		pool.close();
		return catchThrowableOfType(PoolException.class, () -> pool.call("ACME"));
	}

}
