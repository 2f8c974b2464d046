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

	private final DelayedResponses answers = new DelayedResponses();

	private final Upstream upstream = new Upstream(BUNDLE, this.slow::serviceTime, this.answers);

	private final HttpClient client = client(Version.HTTP_2);

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void answersOverHttp2WithAQuoteAfterTheServiceTime() throws Exception {
		CompletableFuture<HttpResponse<String>> response = ask(this.client, "A%20C");
		Runnable answer = this.answers.next();
		assertThat(this.answers.lastDelay).isEqualTo(SlowSwitch.QUICK);
		assertThat(response).isNotDone();
		answer.run();
		assertThat(response).succeedsWithin(PATIENCE).satisfies((answered) -> {
			assertThat(answered.version()).isEqualTo(Version.HTTP_2);
			assertThat(answered.statusCode()).isEqualTo(200);
			assertThat(answered.headers().firstValue("Content-Type")).hasValue("application/json");
			QuoteServlet.Quote quote = new JsonMapper().readValue(answered.body(), QuoteServlet.Quote.class);
			assertThat(quote.symbol()).isEqualTo("A C");
			assertThat(quote.price()).isEqualTo(QuoteServlet.Quote.of("A C").price());
		});
	}

	@Test
	void answersLaterWhileItIsSlow() throws Exception {
		this.slow.turn(true);
		ask(this.client, "ACME");
		this.answers.next().run();
		assertThat(this.answers.lastDelay).isEqualTo(SlowSwitch.SLOW);
		this.slow.turn(false);
		ask(this.client, "ACME");
		this.answers.next().run();
		assertThat(this.answers.lastDelay).isEqualTo(SlowSwitch.QUICK);
	}

	@Test
	void takesTenRequestsAtATimeOnAConnection() throws Exception {
		CompletableFuture<?> first = ask(this.client, "FIRST");
		this.answers.next().run();
		assertThat(first).as("what opens the connection").succeedsWithin(PATIENCE);
		List<Runnable> owed = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			ask(this.client, "S" + i);
			owed.add(this.answers.next());
		}
		assertThat(ask(this.client, "ELEVENTH")).failsWithin(PATIENCE)
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOf(IOException.class)
			.withMessage("too many concurrent streams");
		owed.forEach(Runnable::run);
	}

	@Test
	void takesMoreRequestsThanItHasThreadsWhileItOwesAnswers() throws Exception {
		int requests = 5 * Upstream.THREADS;
		HttpClient client = client(Version.HTTP_1_1);
		List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
		for (int i = 0; i < requests; i++) {
			responses.add(ask(client, "S" + i));
		}
		List<Runnable> owed = new ArrayList<>();
		for (int i = 0; i < requests; i++) {
			owed.add(this.answers.next());
		}
		assertThat(responses).noneMatch(CompletableFuture::isDone);
		owed.forEach(Runnable::run);
		assertThat(CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new))).succeedsWithin(PATIENCE);
		assertThat(responses).extracting(CompletableFuture::join)
			.extracting(HttpResponse::statusCode)
			.containsOnly(200);
	}

	@Test
	void surrendersItsPortAndItsThreadsWhenClosed() {
		HttpRequest request = request("ACME");
		this.upstream.close();
		assertThat(this.answers.isShutdown()).isTrue();
		assertThatIOException().isThrownBy(() -> this.client.send(request, BodyHandlers.discarding()));
	}

	private CompletableFuture<HttpResponse<String>> ask(HttpClient client, String symbol) {
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
	 * Keeps what is to run later for the test.
	 */
	private static final class DelayedResponses extends ScheduledThreadPoolExecutor {

		private final BlockingQueue<Runnable> active = new LinkedBlockingQueue<>();

		private volatile Duration lastDelay = Duration.ZERO;

		private DelayedResponses() {
			super(1);
			prestartAllCoreThreads();
		}

		@Override
		public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
			this.lastDelay = Duration.of(delay, unit.toChronoUnit());
			this.active.add(task);
			return super.schedule(() -> {
			}, 0, unit);
		}

		/** Wait for the next request and return what answers it. */
		private Runnable next() throws InterruptedException {
			Runnable answer = this.active.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(answer).as("a request that waits for its answer").isNotNull();
			return answer;
		}

	}

}
