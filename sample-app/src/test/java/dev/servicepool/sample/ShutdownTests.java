package dev.servicepool.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.servicepool.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How the sample ends.
 */
@ExtendWith(OutputCaptureExtension.class)
class ShutdownTests {

	@Test
	void aLoadEndsEarlyAndWithoutAFailedCallWhenTheSampleIsStopped(CapturedOutput output) {
		CompletableFuture<HttpResponse<String>> response;
		try (ConfigurableApplicationContext context = SpringApplication.run(SampleApplication.class,
				"--server.port=0")) {
			response = load(context.getEnvironment().getRequiredProperty("local.server.port"));
			Pool<?, ?> pool = context.getBean("quotesPool", Pool.class);
			await().atMost(Duration.ofSeconds(30)).until(() -> pool.snapshot().calls().succeeded() > 100);
		}
		assertThat(response).succeedsWithin(Duration.ofSeconds(30)).satisfies((answered) -> {
			assertThat(answered.statusCode()).isEqualTo(200);
			LoadReport report = new JsonMapper().readValue(answered.body(), LoadReport.class);
			assertThat(report.succeeded()).isPositive();
			assertThat(report.failed()).isZero();
		});
		assertThat(output.toString().lines().filter(ShutdownTests::isComplaint)).isEmpty();
	}

	/**
	 * The JDK's client for Java 17 cannot be closed, and Tomcat complains of its threads
	 * if they are still there.
	 */
	private static boolean isComplaint(String line) {
		boolean ofClient = Runtime.version().feature() < 21 && line.contains("WebappClassLoaderBase")
				&& line.contains("started a thread named [HttpClient-");
		return (line.contains(" WARN ") || line.contains(" ERROR ")) && !ofClient;
	}

	private static CompletableFuture<HttpResponse<String>> load(String port) {
		URI uri = URI.create("http://127.0.0.1:" + port + "/load?callers=40&seconds=300");
		return HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
	}

}
