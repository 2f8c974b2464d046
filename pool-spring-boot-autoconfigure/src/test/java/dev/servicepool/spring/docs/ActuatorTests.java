package dev.servicepool.spring.docs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.Service;
import dev.servicepool.LoadLevel;
import dev.servicepool.spring.FixedPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the JSON in docs/actuator.md matches the responses for a pool whose state
 * never changes, including the order of the fields.
 */
class ActuatorTests {

	private static final Path PAGE = Documentation.ROOT.resolve("docs/actuator.md");

	private static final Instant START = Instant.parse("2026-11-24T09:30:00Z");

	private static final JsonMapper json = JsonMapper.builder().build();

	private static ConfigurableApplicationContext application;

	@BeforeAll
	static void start() {
		application = new SpringApplicationBuilder(Application.class).run("--server.port=0",
				"--server.address=127.0.0.1", "--spring.main.banner-mode=off",
				"--management.endpoints.web.discovery.enabled=true",
				"--management.endpoints.web.exposure.include=pool,health",
				"--management.endpoint.health.show-details=always");
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/pool", "/actuator/pool/orders", "/actuator/health/pool" })
	void documentedJsonMatchesResponse(String path) {
		int port = ((WebServerApplicationContext) application).getWebServer().getPort();
		String response = RestClient.create("http://127.0.0.1:" + port).get().uri(path).retrieve().body(String.class);
		JsonNode expected = json.readTree(response);
		assertThat(json.readTree(documented(path)).toString())
			.as("documented JSON; the response is:%n%s", expected.toPrettyString())
			.isEqualTo(expected.toString());
	}

	private static String documented(String path) {
		String page = Documentation.read(PAGE);
		String heading = "\n## `GET " + path + "`\n";
		assertThat(page).contains(heading);
		String section = page.substring(page.indexOf(heading));
		int start = section.indexOf("```json\n") + "```json\n".length();
		return section.substring(start, section.indexOf("```", start));
	}

	private static PoolSnapshot snapshot() {
		List<PoolEvent> events = List.of(event(1, 0, Type.CREATED, "0 services, but the minimum is 2", 1L, 1),
				event(2, 0, Type.JOINED, "for http://10.0.0.1:8080, ready", 1L, 1),
				event(3, 1, Type.CREATED, "1 service, but the minimum is 2", 2L, 2),
				event(4, 1, Type.JOINED, "for http://10.0.0.2:8080, ready", 2L, 2), event(5, 90, Type.EJECTED,
						"5 consecutive failures, last: java.net.ConnectException; ejected for 10s", 2L, 2));
		List<ServiceSnapshot> services = List
			.of(new ServiceSnapshot(1, "http://10.0.0.1:8080", ServiceSnapshot.State.READY, load(3, 92.5),
					Duration.ofSeconds(94), new ServiceSnapshot.Totals(1200, 0, 0), null, Map.of("protocol", "HTTP/2")),
					new ServiceSnapshot(2, "http://10.0.0.2:8080", ServiceSnapshot.State.EJECTED, load(0, 3200.0),
							Duration.ofSeconds(93), new ServiceSnapshot.Totals(1100, 5, 1),
							new PoolSnapshot.Suspension(Duration.ofSeconds(6),
									"5 consecutive failures, last: java.net.ConnectException"),
							Map.of("protocol", "HTTP/2")));
		PoolSnapshot.Headroom headroom = new PoolSnapshot.Headroom(Duration.ofSeconds(10), 9);
		return new PoolSnapshot("orders", settings(), new PoolSnapshot.Load(LoadLevel.NORMAL, 0.0625, 3, 0, headroom),
				new PoolSnapshot.Health(true, null, List.of(), targets()),
				new PoolSnapshot.Size(1, 0, 0, 0, 1, 0, 0, 0), services,
				new PoolSnapshot.Totals(new PoolSnapshot.Calls(2295, 5, 0, 0, 0, 0, 0),
						new PoolSnapshot.Creations(2, 2, 0, 0, 0, 0, 0), 1,
						new PoolSnapshot.Retries(7, 2, 1, 0, 431, false)),
				new PoolSnapshot.Events(events.get(4),
						events.stream().map((event) -> new PoolSnapshot.CountedEvent(event, 1)).toList()));
	}

	private static List<PoolSnapshot.TargetSnapshot> targets() {
		return List.of(new PoolSnapshot.TargetSnapshot("http://10.0.0.1:8080", "eu-1a", true),
				new PoolSnapshot.TargetSnapshot("http://10.0.0.2:8080", "eu-1a", true),
				new PoolSnapshot.TargetSnapshot("http://10.0.1.1:8080", "eu-1b", false));
	}

	private static ServiceSnapshot.Load load(int inFlight, double score) {
		return new ServiceSnapshot.Load(inFlight, OptionalInt.of(20), OptionalInt.of(20), score);
	}

	private static PoolEvent event(long sequence, long second, Type type, String message, @Nullable Long service,
			int poolSize) {
		return new PoolEvent("orders", sequence, START.plusSeconds(second), type, null, message, service, poolSize);
	}

	/** Return the settings of a pool of HTTP clients. */
	private static PoolSettings settings() {
		try (Pool<String, Integer> pool = Pool.builder()
			.minServices(2)
			.maxServices(16)
			.maxConcurrency(20)
			.coldAfter(Duration.ofSeconds(20))
			.maxSurge(2)
			.zone("eu-1a")
			.trackLeases(true)
			.build((target) -> Service.of(String::length))) {
			return pool.settings();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		FixedPool ordersPool() {
			return new FixedPool(snapshot());
		}

	}

}
