package dev.servicepool.compatibility.matrix;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import dev.servicepool.fixtures.Echo;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.ResponseEntity;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Calls of one client, and their failures. A call fails if the client throws an
 * exception, or if a body is not the expected one. Used by any thread.
 */
final class Calls {

	private static final int CHUNK = 10_000;

	private static final int MAX_MESSAGE = 100;

	private final RestClient client;

	private final AtomicInteger count = new AtomicInteger();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final Set<String> protocols = ConcurrentHashMap.newKeySet();

	Calls(RestClient client) {
		this.client = client;
	}

	/** Send a GET request whose response has a body of some bytes. */
	void get(int size) {
		get(size, 0);
	}

	/** Send a GET request that the server works on for some time. */
	void get(int size, int millis) {
		call(() -> {
			ResponseEntity<byte[]> response = this.client.get()
				.uri("/?size={size}&millis={millis}", size, millis)
				.retrieve()
				.toEntity(byte[].class);
			check(response, Echo.bytes(size));
		});
	}

	/** Send a POST request with a body of some bytes. */
	void post(int size) {
		byte[] body = Echo.bytes(size);
		call(() -> check(this.client.post().uri("/").body(body).retrieve().toEntity(byte[].class), digest(body)));
	}

	/** Send a POST request with a body whose length is not known in advance. */
	void upload(int size) {
		byte[] body = Echo.bytes(size);
		StreamingHttpOutputMessage.Body chunks = (output) -> {
			for (int begin = 0; begin < size; begin += CHUNK) {
				output.write(body, begin, Math.min(CHUNK, size - begin));
				output.flush();
			}
		};
		call(() -> check(this.client.post().uri("/").body(chunks).retrieve().toEntity(byte[].class), digest(body)));
	}

	/** Send a GET request, and close the response after the first bytes. */
	void getBegin(int size, int read) {
		byte[] expected = Echo.bytes(read);
		call(() -> {
			ResponseEntity<byte[]> begin = this.client.get()
				.uri("/?size={size}", size)
				.exchangeForRequiredValue((request, response) -> ResponseEntity.status(response.getStatusCode())
					.headers(response.getHeaders())
					.body(response.getBody().readNBytes(read)));
			check(begin, expected);
		});
	}

	/** Send a GET request to a path, whose response has one of some statuses. */
	void get(String path, Integer... statuses) {
		check(this.client.get().uri(path), statuses);
	}

	/** Send a POST request to a path, whose response has one of some statuses. */
	void post(String path, byte[] body, Integer... statuses) {
		check(this.client.post().uri(path).body(body), statuses);
	}

	private void check(RestClient.RequestHeadersSpec<?> request, Integer... statuses) {
		call(() -> {
			int status = request.exchangeForRequiredValue((sent, response) -> response.getStatusCode().value());
			if (!List.of(statuses).contains(status)) {
				throw new AssertionError("the status is " + status);
			}
		});
	}

	private static byte[] digest(byte[] body) throws IOException {
		return Echo.digest(new ByteArrayInputStream(body)).getBytes();
	}

	private void check(ResponseEntity<byte[]> response, byte[] expected) {
		this.protocols.add(String.valueOf(response.getHeaders().getFirst("Protocol")));
		byte[] actual = response.getBody();
		if (!Arrays.equals(actual, expected)) {
			throw new AssertionError("the body differs");
		}
	}

	private void call(Call call) {
		this.count.incrementAndGet();
		try {
			call.send();
		}
		catch (Exception | AssertionError ex) {
			this.failures.add(ex);
		}
	}

	/** Perform an action a number of times, one after another. */
	void times(int count, Runnable action) {
		for (int i = 0; i < count; i++) {
			action.run();
		}
	}

	/** Let callers perform an action concurrently, each once. */
	void concurrently(int callers, Runnable action) throws Exception {
		run(callers, action);
	}

	/** Let callers perform an action repeatedly until a condition is met. */
	void repeat(int callers, Runnable action, BooleanSupplier end) throws Exception {
		run(callers, () -> {
			while (!end.getAsBoolean()) {
				action.run();
			}
		});
	}

	private static void run(int callers, Runnable action) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		try {
			Callable<Object> task = Executors.callable(action);
			for (var done : threads.invokeAll(Collections.nCopies(callers, task))) {
				done.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	int count() {
		return this.count.get();
	}

	int failed() {
		return this.failures.size();
	}

	/**
	 * Return the number of calls that failed after their response had begun. Nothing can
	 * be sent again once the caller has the response.
	 */
	int brokenOff() {
		return count((failure) -> failure.getClass() == RestClientException.class);
	}

	private int count(Predicate<Throwable> type) {
		return (int) this.failures.stream().filter(type).count();
	}

	/** Return the protocols of the requests, with the names that the server uses. */
	Set<String> protocols() {
		return this.protocols;
	}

	/** Return the number of failures and their reasons. */
	@Override
	public String toString() {
		Map<String, Integer> reasons = new TreeMap<>();
		for (Throwable failure : this.failures) {
			String reason = NestedExceptionUtils.getMostSpecificCause(failure).toString();
			String general = reason.replaceAll(":\\d{4,5}\\b", ":PORT").replaceAll("@\\w+", "").replaceAll("\\s+", " ");
			reasons.merge(general.substring(0, Math.min(MAX_MESSAGE, general.length())), 1, Integer::sum);
		}
		String brokenOff = (brokenOff() > 0) ? ", " + brokenOff() + " broken off" : "";
		return failed() + " of " + count() + brokenOff + (reasons.isEmpty() ? "" : " " + reasons);
	}

	private interface Call {

		void send() throws Exception;

	}

}
