package dev.servicepool.sample;

import java.net.URI;
import java.net.http.HttpClient;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link Upstream}.
 */
class UpstreamTests {

	private static final Duration SERVICE_TIME = Duration.ofMillis(50);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final JsonMapper json = new JsonMapper();

	private final HttpClient client = HttpClient.newHttpClient();

	private final HeldAnswers answers = new HeldAnswers();

	private Upstream upstream;

	@BeforeEach
	void start() throws Exception {
		this.upstream = new Upstream(this.json, SERVICE_TIME, this.answers);
	}

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void answersWithAQuoteAfterTheServiceTime() throws Exception {
		CompletableFuture<HttpResponse<String>> response = ask("ACME");
		Runnable answer = this.answers.next();
		assertThat(this.answers.lastDelay).isEqualTo(SERVICE_TIME);
		assertThat(response).isNotDone();
		answer.run();
		assertThat(response).succeedsWithin(PATIENCE).satisfies((answered) -> {
			assertThat(answered.statusCode()).isEqualTo(200);
			assertThat(answered.headers().firstValue("Content-Type")).hasValue("application/json");
			Quote quote = this.json.readValue(answered.body(), Quote.class);
			assertThat(quote.symbol()).isEqualTo("ACME");
			assertThat(quote.price()).isEqualTo(Quote.of("ACME").price());
		});
	}

	@Test
	void takesMoreRequestsWhileItOwesAnswers() throws Exception {
		List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
		for (int i = 0; i < 150; i++) {
			responses.add(ask("S" + i));
		}
		List<Runnable> owed = new ArrayList<>();
		for (int i = 0; i < 150; i++) {
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
		URI uri = uri("ACME");
		this.upstream.close();
		assertThat(this.answers.isShutdown()).isTrue();
		assertThatIOException()
			.isThrownBy(() -> this.client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()));
	}

	private CompletableFuture<HttpResponse<String>> ask(String symbol) {
		return this.client.sendAsync(HttpRequest.newBuilder(uri(symbol)).build(), BodyHandlers.ofString());
	}

	private URI uri(String symbol) {
		URI uri = this.upstream.target().uri();
		assertThat(uri).isNotNull();
		return uri.resolve("/quotes/" + symbol);
	}

	/**
	 * Runs at once what is to run at once, and keeps what is to run later for the test.
	 */
	private static final class HeldAnswers extends ScheduledThreadPoolExecutor {

		private final BlockingQueue<Runnable> held = new LinkedBlockingQueue<>();

		private volatile Duration lastDelay = Duration.ZERO;

		private HeldAnswers() {
			super(2);
		}

		@Override
		public void execute(Runnable task) {
			super.schedule(task, 0, TimeUnit.NANOSECONDS);
		}

		@Override
		public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
			this.lastDelay = Duration.of(delay, unit.toChronoUnit());
			this.held.add(task);
			return super.schedule(() -> {
			}, 0, unit);
		}

		/** Wait for the next request and return what answers it. */
		private Runnable next() throws InterruptedException {
			Runnable answer = this.held.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(answer).as("a request that waits for its answer").isNotNull();
			return answer;
		}

	}

}
