package dev.servicepool.sample.upstream;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.ssl.SslBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link Upstream}.
 */
class UpstreamTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final SslBundle BUNDLE = bundle();

	private final SlowSwitch slow = new SlowSwitch();

	private final DelayedResponses delayed = new DelayedResponses();

	private final Upstream upstream = new Upstream(BUNDLE, this.slow::serviceTime, this.delayed);

	private final HttpClient client = client(Version.HTTP_2);

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void respondsOverHttp2AfterServiceTime() throws Exception {
		CompletableFuture<HttpResponse<String>> response = send(this.client, "A%20C");
		Runnable respond = this.delayed.next();
		assertThat(this.delayed.lastDelay).isEqualTo(SlowSwitch.FAST);
		assertThat(response).isNotDone();
		respond.run();
		assertThat(response).succeedsWithin(PATIENCE).satisfies((result) -> {
			assertThat(result.version()).isEqualTo(Version.HTTP_2);
			assertThat(result.statusCode()).isEqualTo(200);
			assertThat(result.headers().firstValue("Content-Type")).hasValue("application/json");
			QuoteServlet.Quote quote = new JsonMapper().readValue(result.body(), QuoteServlet.Quote.class);
			assertThat(quote.symbol()).isEqualTo("A C");
			assertThat(quote.price()).isEqualTo(QuoteServlet.Quote.of("A C").price());
		});
	}

	@Test
	void respondsLaterWhileSlow() throws Exception {
		this.slow.turn(true);
		send(this.client, "ACME");
		this.delayed.next().run();
		assertThat(this.delayed.lastDelay).isEqualTo(SlowSwitch.SLOW);
		this.slow.turn(false);
		send(this.client, "ACME");
		this.delayed.next().run();
		assertThat(this.delayed.lastDelay).isEqualTo(SlowSwitch.FAST);
	}

	@Test
	void acceptsTenConcurrentRequestsPerConnection() throws Exception {
		CompletableFuture<?> first = send(this.client, "FIRST");
		this.delayed.next().run();
		assertThat(first).as("request that opens the connection").succeedsWithin(PATIENCE);
		List<Runnable> scheduled = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			send(this.client, "S" + i);
			scheduled.add(this.delayed.next());
		}
		assertThat(send(this.client, "ELEVENTH")).failsWithin(PATIENCE)
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOf(IOException.class)
			.withMessage("too many concurrent streams");
		scheduled.forEach(Runnable::run);
	}

	@Test
	void acceptsMoreRequestsThanThreadsBeforeItResponds() throws Exception {
		int requests = 5 * Upstream.THREADS;
		HttpClient client = client(Version.HTTP_1_1);
		List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
		for (int i = 0; i < requests; i++) {
			responses.add(send(client, "S" + i));
		}
		List<Runnable> scheduled = new ArrayList<>();
		for (int i = 0; i < requests; i++) {
			scheduled.add(this.delayed.next());
		}
		assertThat(responses).noneMatch(CompletableFuture::isDone);
		scheduled.forEach(Runnable::run);
		assertThat(CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new))).succeedsWithin(PATIENCE);
		assertThat(responses).extracting(CompletableFuture::join)
			.extracting(HttpResponse::statusCode)
			.containsOnly(200);
	}

	@Test
	void closesPortAndStopsThreadsWhenClosed() {
		HttpRequest request = request("ACME");
		this.upstream.close();
		assertThat(this.delayed.isShutdown()).isTrue();
		assertThatIOException().isThrownBy(() -> this.client.send(request, BodyHandlers.discarding()));
	}

	private CompletableFuture<HttpResponse<String>> send(HttpClient client, String symbol) {
		return client.sendAsync(request(symbol), BodyHandlers.ofString());
	}

	private HttpRequest request(String symbol) {
		String uri = this.upstream.address() + "/quotes/" + symbol;
		return HttpRequest.newBuilder(URI.create(uri)).build();
	}

	private static HttpClient client(Version version) {
		return HttpClient.newBuilder().version(version).sslContext(BUNDLE.createSslContext()).build();
	}

	private static SslBundle bundle() {
		PemSslBundleProperties properties = new PemSslBundleProperties();
		properties.getKeystore().setCertificate("classpath:upstream/certificate.pem");
		properties.getKeystore().setPrivateKey("classpath:upstream/key.pem");
		properties.getTruststore().setCertificate("classpath:upstream/certificate.pem");
		return PropertiesSslBundle.get(properties);
	}

	/**
	 * Executor that collects scheduled tasks, which the test runs itself.
	 */
	private static final class DelayedResponses extends ScheduledThreadPoolExecutor {

		private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

		private volatile Duration lastDelay = Duration.ZERO;

		private DelayedResponses() {
			super(1);
			prestartAllCoreThreads();
		}

		@Override
		public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
			this.lastDelay = Duration.of(delay, unit.toChronoUnit());
			this.tasks.add(task);
			return super.schedule(() -> {
			}, 0, unit);
		}

		/** Wait for the next request and return the task that sends its response. */
		private Runnable next() throws InterruptedException {
			Runnable task = this.tasks.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(task).as("task that sends the response").isNotNull();
			return task;
		}

	}

}
