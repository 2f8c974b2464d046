package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.PoolLog;
import dev.servicepool.spring.http.HttpCall;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.client.ClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests what is reported for wrong settings, which {@code docs/wrong-settings.md} lists.
 * To accept a change, run this test with {@code -Dwrong-settings.write=true}.
 */
class WrongSettingsTests {

	private static final Path PAGE = Path.of("..", "docs", "wrong-settings.md");

	private static final String START = """
			# Reports of Wrong Settings

			A test generates this page from the failure analyses and warnings of real applications.
			Each example sets the property in line 1 of `application.yml`.

			| mistake | setting | report |
			|---|---|---|
			""";

	private final ApplicationContextRunner runner = Applications.plain();

	private final List<String> rows = new ArrayList<>();

	@Test
	void pageShowsReports() throws IOException {
		ApplicationContextRunner model = this.runner.withUserConfiguration(Model.class);
		ApplicationContextRunner orders = this.runner
			.withPropertyValues("pool.instances.orders.targets=http://127.0.0.1:1", "pool.eager=false");
		failure("misspelled key of all pools", "pool.max-servces", "8", model);
		failure("misspelled key of one pool", "pool.instances.orders.client.read-timout", "5s", orders);
		failure("wrong type", "pool.acquire-timeout", "soon", model);
		failure("zero", "pool.instances.model.max-services", "0", model);
		failure("minimum above maximum", "pool.instances.model.min-services", "9",
				model.withPropertyValues("pool.max-services=4"));
		failure("no scheme", "pool.instances.orders.targets", "orders:8080", this.runner);
		failure("path", "pool.instances.orders.targets", "http://orders/api", this.runner);
		failure("unknown pool", "pool.instances.modle.max-services", "2", model);
		failure("empty address", "pool.instances.orders.url", "", orders);
		failure("client property with a ServiceFactory bean", "pool.instances.model.client.read-timeout", "5s",
				this.runner.withUserConfiguration(HttpModel.class));
		failure("disabled pool that a bean requires", "pool.instances.model.enabled", "false",
				model.withUserConfiguration(User.class));
		this.rows.add(row("unlimited pool", "pool.instances.model.max-services", "8", warning(model)));
		String page = START + String.join("\n", this.rows) + "\n";
		if (Boolean.getBoolean("wrong-settings.write")) {
			Files.writeString(PAGE, page);
		}
		assertThat(Files.readString(PAGE)).isEqualToNormalizingNewlines(page);
	}

	private void failure(String mistake, String key, String value, ApplicationContextRunner runner) {
		FailureAnalysis analysis = StartupFailures.analyzeWithOrigin(with(runner, key, value));
		this.rows.add(row(mistake, key, value, analysis.getDescription() + "\n\n" + analysis.getAction()));
	}

	private static ApplicationContextRunner with(ApplicationContextRunner runner, String key, String value) {
		TextResourceOrigin origin = new TextResourceOrigin(new ClassPathResource("application.yml"),
				new TextResourceOrigin.Location(0, key.length() + 2));
		return runner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new OriginTrackedMapPropertySource("application.yml",
					Map.of(key, OriginTrackedValue.of(value, origin)))));
	}

	private static String warning(ApplicationContextRunner runner) {
		try (PoolLog log = new PoolLog()) {
			with(runner, "pool.instances.model.max-services", "8").run((context) -> {
				context.getBean("modelPool", Pool.class).start();
				await().untilAsserted(() -> assertThat(log.text()).contains("WARNING"));
			});
			return log.text().lines().filter((line) -> line.startsWith("WARNING: ")).collect(Collectors.joining(" "));
		}
	}

	private static String row(String mistake, String key, String value, String report) {
		String text = report.strip()
			.replaceAll("\\s*\\R\\s*", "<br>")
			.replaceAll("(<br>)+", "<br>")
			.replace("|", "\\|");
		return "| " + mistake + " | `" + key + ": " + (value.isEmpty() ? "\"\"" : value) + "` | " + text + " |";
	}

	@Configuration(proxyBeanMethods = false)
	static class Model {

		@Bean
		ServiceFactory<String, Integer> model() {
			return (target) -> Service.of(String::length);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class User {

		@Bean
		Object user(Pool<String, Integer> model) {
			return model.name();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HttpModel {

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> model() {
			return (target) -> {
				throw new IOException("not used");
			};
		}

	}

}
