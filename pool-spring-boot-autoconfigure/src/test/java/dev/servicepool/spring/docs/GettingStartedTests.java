package dev.servicepool.spring.docs;

import java.nio.file.Path;

import dev.servicepool.Pool;
import dev.servicepool.fixtures.Server;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the steps in docs/getting-started.md have the described results.
 */
class GettingStartedTests {

	private static final Path PAGE = Documentation.ROOT.resolve("docs/getting-started.md");

	@Test
	void callsUsePoolThatActuatorShows() throws Exception {
		try (Server server = Server.responding("one book");
				ConfigurableApplicationContext application = start(server)) {
			assertThat(get(application, "/orders/42", String.class)).isEqualTo("one book");
			assertThat(server.onlyRequest().uri()).isEqualTo("/42");
			await().until(() -> application.getBean("ordersPool", Pool.class).snapshot().load().inFlight() == 0);
			assertThat(get(application, "/actuator/pool", JsonNode.class).at("/pools/orders/size/ready").intValue())
				.isOne();
			assertThat(get(application, "/actuator/pool/orders", JsonNode.class).at("/services/0/calls").intValue())
				.isOne();
			assertThat(
					get(application, "/actuator/health", JsonNode.class).at("/components/pool/components/orders/status")
						.stringValue())
				.isEqualTo("UP");
			await().untilAsserted(() -> assertThat(
					get(application, "/actuator/metrics/servicepool.services?tag=state:ready", JsonNode.class)
						.at("/measurements/0/value")
						.intValue())
				.isOne());
		}
	}

	/**
	 * Start the application. The server uses a free port instead of the documented port.
	 */
	private static ConfigurableApplicationContext start(Server server) {
		return new SpringApplicationBuilder(Application.class).initializers(
				(context) -> Documentation.snippets(PAGE, "yaml").forEach((yaml) -> SnippetTests.load(yaml, context)))
			.run("--server.port=0", "--server.address=127.0.0.1", "--spring.main.banner-mode=off",
					"--pool.instances.orders.url=http://localhost:9000",
					"--pool.instances.orders.targets=" + server.uri());
	}

	private static <T> T get(ConfigurableApplicationContext application, String path, Class<T> type) {
		int port = ((WebServerApplicationContext) application).getWebServer().getPort();
		T body = RestClient.create("http://127.0.0.1:" + port).get().uri(path).retrieve().body(type);
		assertThat(body).isNotNull();
		return body;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(OrderController.class)
	static class Application {

	}

}
