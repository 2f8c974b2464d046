package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.servicepool.Pool;
import dev.servicepool.PoolBounds;
import dev.servicepool.PoolSettings;
import dev.servicepool.spring.HostileInput;
import dev.servicepool.spring.HostileInputTests;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.slf4j.LoggerFactory;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that random bodies of the operations change a pool as documented, or are
 * rejected.
 */
class HostileEndpointTests extends HostileInputTests {

	private static final PoolBounds BOUNDS = new PoolBounds(1, 4, 2, Duration.ofSeconds(10));

	private static final List<String> OPERATIONS = List.of("drain", "undrain", "replace", "reset");

	private static final List<String> FIELDS = List.of("\"minServices\"", "\"maxServices\"", "\"maxConcurrency\"",
			"\"headroomWindow\"", "\"target\"");

	private static final List<String> VALUES = List.of("0", "1", "2", "3", "-1", "8.5", "1e3", "2147483647", "\"4\"",
			"\"10s\"", "\"-1s\"", "\"PT1H\"", "\"one\"", "\"two\"", "\"a\\u0000b\"", "null", "true", "{}", "[]", "[1]",
			"{\"a\": 1}");

	private static final List<String> PARTS = List.of("{", "}", ":", ",", "[", "]", "\"", "\\", "\\u", "1",
			"minServices", "\"target\": \"one\"", "// comment", "NaN");

	private final Logger logger = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

	private ConfigurableApplicationContext context;

	private MockMvc mvc;

	private Pool<?, ?> pool;

	@BeforeAll
	void start() {
		this.context = new SpringApplicationBuilder(PoolEndpointAutoConfigurationTests.Application.class)
			.properties("server.port=0", "spring.main.banner-mode=off", "spring.main.register-shutdown-hook=false",
					"management.endpoints.web.exposure.include=pool", "management.endpoint.pool.access=unrestricted",
					"pool.instances.model.targets=one,two", "pool.eager=false")
			.run();
		this.mvc = MockMvcBuilders.webAppContextSetup((WebApplicationContext) this.context).build();
		this.pool = this.context.getBean("modelPool", Pool.class);
		this.logger.setLevel(Level.OFF);
	}

	@AfterAll
	void stop() {
		this.logger.setLevel(Level.INFO);
		this.context.close();
	}

	Stream<Source> sources() {
		return Stream.of(new Source("bodies", this::bodies));
	}

	private void bodies(HostileInput input) throws Exception {
		this.pool.changeBounds(BOUNDS, "test");
		String operation = (input.number(2) > 0) ? "/" + input.any(OPERATIONS) : "";
		MockHttpServletResponse response = this.mvc
			.perform(MockMvcRequestBuilders.post("/actuator/pool/model" + operation)
				.contentType(MediaType.APPLICATION_JSON)
				.content(body(input)))
			.andReturn()
			.getResponse();
		assertThat(response.getStatus()).isIn(204, 400);
		PoolSettings settings = this.pool.settings();
		assertThat(settings.maxServices()).isGreaterThanOrEqualTo(2);
		assertThat(settings.minServices()).isBetween(1, settings.maxServices());
		assertThat(settings.maxConcurrency()).isPositive();
		assertThat(settings.headroomWindow()).isGreaterThanOrEqualTo(Duration.ZERO);
		assertThat(this.pool.snapshot().health().drainedTargets()).hasSizeLessThan(2);
		if (response.getStatus() == 400 && operation.isEmpty()) {
			assertThat(settings).as("settings after a rejected change")
				.extracting(PoolSettings::minServices, PoolSettings::maxServices, PoolSettings::maxConcurrency)
				.containsExactly(1, 4, 2);
		}
	}

	/** Return an object with some fields, which is often changed to no valid JSON. */
	private static String body(HostileInput input) {
		StringBuilder body = new StringBuilder("{");
		for (int i = input.number(4); i > 0; i--) {
			body.append(input.any(FIELDS)).append(": ").append(input.any(VALUES)).append((i > 1) ? ", " : "");
		}
		body.append("}");
		return switch (input.number(4)) {
			case 0 -> input.text(PARTS);
			case 1 -> body.insert(input.number(body.length()), input.text(PARTS)).toString();
			default -> body.toString();
		};
	}

}
