package dev.servicepool.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.servicepool.Pool;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.filter.OncePerRequestFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the shutdown of the sample.
 */
@ExtendWith(OutputCaptureExtension.class)
class ShutdownTests {

	@Test
	void openPagesAndLiveCallersDoNotDelayShutdown(CapturedOutput output) {
		CompletableFuture<HttpResponse<String>> page;
		try (ConfigurableApplicationContext context = start()) {
			page = send("GET", context.getEnvironment().getRequiredProperty("local.server.port"), "/live");
			LiveLoad load = context.getBean(LiveLoad.class);
			load.callers(10);
			load.pooling(false);
			load.forecastCallers(3);
			CallStatistics calls = context.getBean(LiveStatistics.class).withoutPool();
			LiveStream stream = context.getBean(LiveStream.class);
			await().atMost(Duration.ofSeconds(30))
				.until(() -> calls.summary().succeeded() > 10 && stream.listeners() == 1);
		}
		assertThat(page).as("page whose response ends before the end of the grace period")
			.succeedsWithin(Duration.ofSeconds(30))
			.satisfies((response) -> assertThat(response.statusCode()).isEqualTo(200));
		assertThat(output.toString().lines().filter(ShutdownTests::isWarning)).isEmpty();
	}

	@Test
	void loadEndsEarlyWithoutFailedCallsWhenSampleStops(CapturedOutput output) {
		CompletableFuture<HttpResponse<String>> response;
		try (ConfigurableApplicationContext context = start()) {
			response = send("POST", context.getEnvironment().getRequiredProperty("local.server.port"),
					"/load?callers=40&seconds=300");
			Pool<?, ?> pool = context.getBean("quotesPool", Pool.class);
			await().atMost(Duration.ofSeconds(30)).until(() -> pool.snapshot().totals().calls().succeeded() > 100);
		}
		assertThat(response).succeedsWithin(Duration.ofSeconds(30)).satisfies((result) -> {
			assertThat(result.statusCode()).isEqualTo(200);
			LoadReport report = new JsonMapper().readValue(result.body(), LoadReport.class);
			assertThat(report.succeeded()).isPositive();
			assertThat(report.failed()).isZero();
		});
		assertThat(output.toString().lines().filter(ShutdownTests::isWarning)).isEmpty();
	}

	/**
	 * Return whether a line of the log is a warning or an error. On Java 17, the JDK
	 * client cannot be closed, and Tomcat warns about its threads if they still run.
	 */
	private static boolean isWarning(String line) {
		boolean ofClient = Runtime.version().feature() < 21 && line.contains("WebappClassLoaderBase")
				&& line.contains("started a thread named [HttpClient-");
		return (line.contains(" WARN ") || line.contains(" ERROR ")) && !ofClient;
	}

	private static ConfigurableApplicationContext start() {
		return SpringApplication.run(new Class<?>[] { SampleApplication.class, ResponseSender.class },
				new String[] { "--server.port=0" });
	}

	private static CompletableFuture<HttpResponse<String>> send(String method, String port, String path) {
		URI uri = URI.create("http://127.0.0.1:" + port + path);
		return HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
					BodyHandlers.ofString());
	}

	/**
	 * Filter that sends each response completely before the servlet returns. Spring
	 * Boot's graceful shutdown waits only until then, and Tomcat sends a short response
	 * later. If Tomcat stops in between, the response is lost.
	 */
	static class ResponseSender extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			chain.doFilter(request, response);
			if (!isAsyncStarted(request)) {
				response.getOutputStream().close();
			}
		}

		@Override
		protected boolean shouldNotFilterAsyncDispatch() {
			return false;
		}

	}

}
