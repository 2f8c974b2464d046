package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.servicepool.Outcome;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static dev.servicepool.spring.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the race of two attempts, with services that the test controls: every permit
 * is released, and every response is closed once.
 */
@Timeout(60)
@EnabledForJreRange(min = JRE.JAVA_21)
class HedgeRaceTests {

	private static final URI ADDRESS = URI.create("http://orders");

	private static final int CALLERS = 8;

	private static final int CALLS_OF_CALLER = 250;

	private final Queue<Response> responses = new ConcurrentLinkedQueue<>();

	private final AtomicInteger calls = new AtomicInteger();

	/** Seeds of the random behavior of attempts. */
	private final AtomicInteger seeds = new AtomicInteger();

	private volatile Script script;

	@AutoClose
	private final Pool<HttpCall, ClientHttpResponse> pool = Pool.builder()
		.name("orders")
		.targets(Target.of("http://a"), Target.of("http://b"))
		.maxServices(2)
		.maxConcurrency(CALLERS * 2)
		.retryBudgetRatio(1)
		.retryBudgetPerSecond(1000)
		.outlierDetection((outliers) -> outliers.consecutiveFailures(0).failureRate(0))
		.failureClassifier(HttpFailures.INSTANCE)
		.build((target) -> (call) -> {
			this.calls.incrementAndGet();
			return this.script.respond(attempt());
		});

	private final ClientHttpRequestFactory factory = new RoutingClientHttpRequestFactory((uri, method) -> {
		throw new IllegalStateException("not used");
	}, (uri) -> this.pool,
			new RequestHandling(
					(name) -> new RequestPolicy(Set.of(Outcome.CONNECTION_LOST), Set.of(), Set.of(HttpMethod.GET), null,
							null, Hedging.after(Duration.ofMillis(1))),
					WaitObservations.NONE, AttemptObservations.NONE));

	/**
	 * Return the number of the attempt, whose thread shows it. The second attempt may
	 * reach its service first.
	 */
	private static int attempt() {
		return Thread.currentThread().getName().startsWith("pool-hedge-") ? 2 : 1;
	}

	/** What services do. */
	private interface Script {

		ClientHttpResponse respond(int attempt) throws IOException, InterruptedException;

	}

	@BeforeEach
	void startBothServices() {
		this.pool.start();
		await().until(() -> this.pool.snapshot().size().ready() == 2);
	}

	@Test
	void lateResponseOfFirstAttemptIsClosed() throws Exception {
		CountDownLatch interrupted = new CountDownLatch(1);
		CountDownLatch late = new CountDownLatch(1);
		this.script = (attempt) -> {
			if (attempt == 1) {
				awaitInterrupt();
				interrupted.countDown();
				late.await();
			}
			return response();
		};
		Future<ClientHttpResponse> response = start(HttpMethod.GET, null);
		interrupted.await();
		assertThat(this.pool.snapshot().load().inFlight()).as("the first attempt has not ended").isEqualTo(2);
		late.countDown();
		response.get().close();
		assertEnded(2);
	}

	@Test
	void lateResponseOfSecondAttemptIsClosed() throws Exception {
		CountDownLatch second = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		CountDownLatch late = new CountDownLatch(1);
		this.script = (attempt) -> {
			if (attempt == 1) {
				second.await();
				return response();
			}
			second.countDown();
			awaitInterrupt();
			interrupted.countDown();
			late.await();
			return response();
		};
		Future<ClientHttpResponse> response = start(HttpMethod.GET, null);
		response.get().close();
		interrupted.await();
		assertThat(this.pool.snapshot().load().inFlight()).as("the second attempt has not ended").isOne();
		late.countDown();
		assertEnded(2);
	}

	@Test
	void callerReceivesSecondResponseAfterFailureOfFirst() throws Exception {
		CountDownLatch second = new CountDownLatch(1);
		CountDownLatch failed = new CountDownLatch(1);
		this.script = (attempt) -> {
			if (attempt == 1) {
				second.await();
				failed.countDown();
				throw new IOException("first");
			}
			second.countDown();
			failed.await();
			return response();
		};
		start(HttpMethod.GET, null).get().close();
		assertEnded(1);
		assertThat(this.calls).hasValue(2);
	}

	@Test
	void firstAttemptContinuesAfterFailureOfSecond() throws Exception {
		CompletableFuture<Void> failed = new CompletableFuture<>();
		this.script = (attempt) -> {
			if (attempt == 1) {
				failed.join();
				return response();
			}
			failed.complete(null);
			throw new IOException("second");
		};
		start(HttpMethod.GET, null).get().close();
		assertEnded(1);
		assertThat(this.calls).hasValue(2);
	}

	@Test
	void callerReceivesFirstFailureIfBothFail() throws Exception {
		CountDownLatch second = new CountDownLatch(1);
		this.script = (attempt) -> {
			if (attempt == 1) {
				second.await();
				throw new IOException("first");
			}
			second.countDown();
			throw new IOException("second");
		};
		Future<ClientHttpResponse> response = start(HttpMethod.GET, null);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(response::get)
			.havingCause()
			.withMessage("first");
		assertEnded(0);
		assertThat(this.calls).as("a hedge is the only retry").hasValue(2);
	}

	@Test
	void bodyThatCannotBeReadAgainIsSentOnce() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		this.script = (attempt) -> {
			release.await();
			return response();
		};
		StreamingHttpOutputMessage.Body body = new StreamingHttpOutputMessage.Body() {

			@Override
			public void writeTo(OutputStream output) {
			}

			@Override
			public boolean repeatable() {
				return false;
			}

		};
		Future<ClientHttpResponse> response = start(HttpMethod.GET, body);
		await().until(() -> this.calls.get() == 1);
		await().during(Duration.ofMillis(100)).until(() -> this.calls.get() == 1);
		release.countDown();
		response.get().close();
		assertEnded(1);
	}

	@Test
	void attemptsEndAfterPoolIsClosed() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		this.script = (attempt) -> {
			release.await();
			return response();
		};
		Future<ClientHttpResponse> response = start(HttpMethod.GET, null);
		await().until(() -> this.calls.get() == 2);
		FutureTask<Void> close = new FutureTask<>(this.pool::close, null);
		new Thread(close).start();
		release.countDown();
		response.get().close();
		close.get(10, TimeUnit.SECONDS);
		await().until(() -> this.pool.snapshot().load().inFlight() == 0);
		assertThat(this.responses).allMatch((each) -> each.closed.get() == 1);
	}

	/**
	 * Both attempts respond, fail, or take long at random, and callers are interrupted.
	 */
	@Test
	void everyPermitIsReleasedAndEveryResponseClosedOnce() throws Exception {
		this.script = (attempt) -> {
			SplittableRandom random = new SplittableRandom(this.seeds.incrementAndGet());
			Thread.sleep(random.nextInt(4));
			if (random.nextInt(4) == 0) {
				throw new IOException("simulated");
			}
			if (random.nextInt(4) == 0) {
				// A client that responds although its thread is interrupted.
				LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
			}
			return response();
		};
		AtomicInteger ended = new AtomicInteger();
		List<Thread> callers = new ArrayList<>();
		for (int caller = 0; caller < CALLERS; caller++) {
			callers.add(new Thread(() -> {
				for (int call = 0; call < CALLS_OF_CALLER; call++) {
					callOnce();
					ended.incrementAndGet();
				}
			}));
		}
		callers.forEach(Thread::start);
		SplittableRandom random = new SplittableRandom(1);
		while (ended.get() < CALLERS * CALLS_OF_CALLER) {
			Thread caller = callers.get(random.nextInt(CALLERS));
			caller.interrupt();
			caller.join(5);
		}
		for (Thread caller : callers) {
			caller.join();
		}
		await().until(() -> this.pool.snapshot().load().inFlight() == 0);
		await().untilAsserted(() -> assertThat(this.responses).isNotEmpty().allMatch((each) -> each.closed.get() == 1));
		PoolSnapshot.Totals totals = this.pool.snapshot().totals();
		assertThat(totals.retries().hedgesWon()).isPositive().isLessThan(totals.retries().hedges());
		assertThat(totals.calls().succeeded()).isLessThanOrEqualTo(CALLERS * CALLS_OF_CALLER);
	}

	private void callOnce() {
		try {
			send(HttpMethod.GET, null).close();
		}
		catch (IOException ex) {
			assertThat(ex).hasMessageMatching("simulated|Interrupted while .+");
		}
		Thread.interrupted();
	}

	/** Wait until the thread is interrupted, as a client does that cannot be canceled. */
	private static void awaitInterrupt() {
		while (!Thread.interrupted()) {
			LockSupport.park();
		}
	}

	private ClientHttpResponse response() {
		Response response = new Response();
		this.responses.add(response);
		return response;
	}

	/** Check that all permits are released and all responses closed. */
	private void assertEnded(int responses) {
		await().until(() -> this.pool.snapshot().load().inFlight() == 0);
		await().untilAsserted(
				() -> assertThat(this.responses).hasSize(responses).allMatch((response) -> response.closed.get() == 1));
	}

	private Future<ClientHttpResponse> start(HttpMethod method, StreamingHttpOutputMessage.Body body) {
		FutureTask<ClientHttpResponse> response = new FutureTask<>(() -> send(method, body));
		new Thread(response).start();
		return response;
	}

	private ClientHttpResponse send(HttpMethod method, StreamingHttpOutputMessage.Body body) throws IOException {
		ClientHttpRequest request = this.factory.createRequest(ADDRESS, method);
		if (body != null) {
			((StreamingHttpOutputMessage) request).setBody(body);
		}
		return request.execute();
	}

	/** Response that counts how often it is closed. */
	private static final class Response extends MockClientHttpResponse {

		private final AtomicInteger closed = new AtomicInteger();

		Response() {
			super(new byte[0], HttpStatus.OK);
		}

		@Override
		public void close() {
			this.closed.incrementAndGet();
		}

	}

}
