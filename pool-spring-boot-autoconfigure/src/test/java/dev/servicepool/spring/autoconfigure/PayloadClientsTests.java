package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.util.List;

import dev.servicepool.spring.EchoHandler.Seen;
import dev.servicepool.spring.EchoHandler;
import dev.servicepool.spring.autoconfigure.SideBySide.EchoClient;
import dev.servicepool.spring.autoconfigure.SideBySide.Got;
import dev.servicepool.spring.autoconfigure.SideBySide.Outcome;
import dev.servicepool.spring.autoconfigure.SideBySide.Side;
import dev.servicepool.spring.autoconfigure.SideBySide.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the other clients that Boot builds, and for their settings, with and without
 * a pool.
 */
@Timeout(60)
class PayloadClientsTests extends EchoTests {

	@Test
	void httpServiceInterfaceSendsSameRequest() throws IOException {
		try (SideBySide sides = sides(Wire.H2C)) {
			Outcome outcome = sides.call((side) -> Got
				.of(client(sides, side).send("a b/c", "1+1", List.of("a, b", "c"), EchoHandler.bytes(10_000))));
			Seen seen = outcome.onlySeen();
			assertThat(seen.line()).startsWith("POST /a%20b%2Fc?q=1%2B1 ");
			assertThat(seen.headers()).containsEntry("x-many", List.of("a, b", "c"));
			assertThat(seen.length()).isEqualTo(10_000);
		}
	}

	private static EchoClient client(SideBySide sides, Side side) {
		return (side.leases() > 0) ? sides.context().getBean(EchoClient.class)
				: HttpServiceProxyFactory.builderFor(RestClientAdapter.create(side.client()))
					.build()
					.createClient(EchoClient.class);
	}

	@Test
	void restTemplateSendsSameRequest() throws IOException {
		try (SideBySide sides = sides(Wire.HTTP_1_1)) {
			HttpHeaders headers = new HttpHeaders();
			headers.addAll("X-Many", List.of("a, b", "c"));
			Outcome outcome = sides.call((side) -> Got.of(template(sides, side).exchange(side.uri("/a%2Fb;c?q=%2B"),
					HttpMethod.PUT, new HttpEntity<>(EchoHandler.bytes(10_000), headers), byte[].class)));
			Seen seen = outcome.onlySeen();
			assertThat(seen.line()).startsWith("PUT /a%2Fb;c?q=%2B ");
			assertThat(seen.headers()).containsEntry("x-many", List.of("a, b", "c"));
			assertThat(seen.length()).isEqualTo(10_000);
		}
	}

	private static RestTemplate template(SideBySide sides, Side side) {
		return (side.leases() > 0) ? sides.context().getBean(RestTemplateBuilder.class).build()
				: new RestTemplate(sides.plainFactory());
	}

	@Test
	void redirectIsNotFollowedWhenDisabled() throws IOException {
		try (SideBySide sides = sides(Wire.HTTP_1_1, "spring.http.clients.redirects=dont-follow")) {
			Outcome outcome = sides.call((side) -> Got.of(side.client().get().uri("/redirect/302?to=/elsewhere")));
			assertThat(outcome.onlySeen().line()).startsWith("GET /redirect/302");
			assertThat(outcome.result()).extracting("status").isEqualTo(302);
		}
	}

	@Test
	void cookiesAreSentWhenEnabled() throws IOException {
		try (SideBySide sides = sides(Wire.H2C, "spring.http.clients.cookie-handling=enable")) {
			sides.call((side) -> Got.of(side.client().get().uri("/many")));
			Outcome outcome = sides.call((side) -> Got.of(side.client().get().uri("/")));
			assertThat(outcome.onlySeen().headers().get("cookie")).singleElement()
				.asString()
				.contains("one=1", "two=2");
		}
	}

	@Test
	void cookiesAreSharedByAllServicesOfPool() throws IOException {
		try (SideBySide sides = sides(Wire.HTTP_1_1, "spring.http.clients.cookie-handling=enable",
				"pool.max-services=2", "pool.min-services=2", "pool.max-concurrency=1")) {
			Side pooled = sides.pooled();
			try (ClientHttpResponse active = pooled.client()
				.get()
				.uri("/many")
				.exchange((request, kept) -> kept, false)) {
				assertThat(active.getStatusCode().is2xxSuccessful()).isTrue();
				pooled.client().get().uri("/").retrieve().toBodilessEntity();
			}
			assertThat(echo.drain()).hasSize(2)
				.last()
				.satisfies(
						(seen) -> assertThat(seen.headers()).as("request of the other service").containsKey("cookie"));
		}
	}

	private static SideBySide sides(Wire wire, String... properties) {
		return new SideBySide(wire, server, echo, properties);
	}

}
