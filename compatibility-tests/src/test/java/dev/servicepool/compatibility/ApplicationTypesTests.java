package dev.servicepool.compatibility;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.RestClientPools;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for pools in applications that are not servlet applications.
 */
@Tag("slow")
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ApplicationTypesTests {

	@AutoClose
	private final Server upstream = Server.responding("response");

	@Test
	void reactiveApplicationUsesPools(CapturedOutput output) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class, Lengths.class)
			.web(WebApplicationType.REACTIVE)
			.properties("server.port=0", "management.endpoints.web.exposure.include=pool",
					"pool.instances.orders.targets=" + this.upstream.uri())
			.run()) {
			assertThat(output).containsOnlyOnce("Pool 'orders': no client uses the pool, because Spring Boot creates no"
					+ " RestClient.Builder in this application.");
			String base = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
			RestClient client = RestClient.create(base);
			assertThat(client.get().uri("/lengths").retrieve().body(String.class)).isEqualTo("4");
			RestClient pooled = RestClient.builder()
				.apply(context.getBean(RestClientPools.class).fromPool("orders"))
				.build();
			assertThat(pooled.get().uri("http://any/a").retrieve().body(String.class)).isEqualTo("response");
			assertThat(this.upstream.onlyRequest().uri()).isEqualTo("/a");
			assertThat(client.get().uri("/actuator/pool").retrieve().body(String.class)).contains("\"orders\":{",
					"\"lengths\":{");
			assertThat(context.getBean("ordersPool", Pool.class).snapshot().totals().calls().succeeded()).isOne();
		}
	}

	@Test
	void commandLineApplicationExits() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
				CommandLine.class.getName(), "--pool.instances.orders.targets=" + this.upstream.uri())
			.redirectErrorStream(true)
			.start();
		String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(text).isTrue();
		assertThat(process.exitValue()).as(text).isZero();
		assertThat(text).contains("response: response");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ServiceFactory<String, Integer> lengths() {
			return (target) -> Service.of(String::length);
		}

	}

	@RestController
	static class Lengths {

		private final Pool<String, Integer> lengths;

		Lengths(Pool<String, Integer> lengths) {
			this.lengths = lengths;
		}

		@GetMapping("/lengths")
		Mono<String> length() {
			return Mono.fromCallable(() -> this.lengths.call("word").toString())
				.subscribeOn(Schedulers.boundedElastic());
		}

	}

	/**
	 * Application that sends one request through its pool and ends.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class CommandLine {

		public static void main(String[] args) {
			SpringApplication application = new SpringApplication(CommandLine.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			application.run(args);
		}

		@Bean
		ApplicationRunner request(RestClient.Builder builder, Pool<?, ?> pool) throws IOException {
			return (arguments) -> {
				String uri = arguments.getOptionValues("pool.instances.orders.targets").get(0) + "/a";
				String response = builder.build().get().uri(uri).retrieve().body(String.class);
				System.out
					.println("response: " + response + ", calls: " + pool.snapshot().totals().calls().succeeded());
			};
		}

	}

}
