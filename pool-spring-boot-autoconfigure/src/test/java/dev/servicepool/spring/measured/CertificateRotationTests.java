package dev.servicepool.spring.measured;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.servicepool.Pool;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.Applications;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures calls while the PEM files of an SSL bundle are replaced: the key of the client
 * every 5 s, and the authority of both sides once. The server records the certificate of
 * each connection.
 */
@Tag("measured")
@Timeout(150)
class CertificateRotationTests {

	private static final Duration TIME = Duration.ofSeconds(60);

	private static final Duration PERIOD = Duration.ofSeconds(5);

	private static final int PER_SECOND = 100;

	private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

	/**
	 * Connection that the server has accepted.
	 *
	 * @param client the client that sent the first request
	 * @param subject the subject of its certificate
	 * @param since the time of the first request
	 */
	private record Accepted(String client, String subject, long since) {
	}

	private final Map<String, Accepted> accepted = new ConcurrentHashMap<>();

	/** The times at which keys were replaced, by the subject of their certificate. */
	private final Map<String, Long> replaced = new ConcurrentHashMap<>();

	private final Work work = new Work();

	private final List<TestKeyStore> keys = new ArrayList<>();

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	@TempDir
	private Path directory;

	private TestKeyStore authority;

	private TestKeyStore other;

	@AutoClose
	private Server server;

	@BeforeEach
	void start() throws Exception {
		this.authority = TestKeyStore.create(this.directory.resolve("authority.p12"), "IP:127.0.0.1");
		this.other = TestKeyStore.create(this.directory.resolve("other.p12"), "IP:127.0.0.1");
		for (int key = 0; key < TIME.dividedBy(PERIOD); key++) {
			TestKeyStore issuer = (key < 6) ? this.authority : this.other;
			this.keys.add(issuer.issue(this.directory.resolve("key-" + key), "IP:127.0.0.1"));
		}
		useKey(0);
		this.authority.writePem(file("authority.crt"), file("authority.key"));
		this.other.writePem(file("other.crt"), file("other.key"));
		trust("authority.crt");
		this.server = Server.http2(100)
			.tls(this.authority)
			.requireClientCertificates(this.authority, this.other)
			.start(this::respond);
	}

	private void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
		X509Certificate[] chain = (X509Certificate[]) request.getAttribute(CERTIFICATES);
		this.accepted.putIfAbsent(request.getServletConnection().getConnectionId(), new Accepted(
				request.getHeader("X-Client"), chain[0].getSubjectX500Principal().getName(), System.nanoTime()));
		this.work.handle(request, response);
	}

	@Test
	void noCallFailsWhenKeysAndAuthorityAreReplaced() {
		Applications.plain()
			.withPropertyValues(properties())
			.withPropertyValues("spring.http.clients.ssl.bundle=client")
			.run((plain) -> Applications.pooled(this.server.secureUri(), properties())
				.withPropertyValues("spring.http.clients.ssl.bundle=client", "pool.instances.orders.min-services=4")
				.run((pooled) -> measure(plain, pooled)));
	}

	private void measure(ApplicationContext plain, ApplicationContext pooled) throws Exception {
		Future<Latencies> plainCalls = this.threads.submit(calls(plain, "plain"));
		Future<Latencies> pooledCalls = this.threads.submit(calls(pooled, "pooled"));
		long broken = rotate(pooled.getBean(Pool.class));
		Latencies of = pooledCalls.get();
		Latencies beside = plainCalls.get();
		Figures.print("certificate rotation",
				"pool: %d of %d calls failed, p50 %.0f ms, p99 %.0f ms, %d connections, %d keys, oldest replaced key "
						+ "%.1f s; plain: %d of %d failed, p50 %.0f ms, p99 %.0f ms, %d keys",
				of.failed(), of.count(), of.percentile(0.5), of.percentile(0.99), connections("pooled").size(),
				subjects("pooled").size(), oldestKey("pooled"), beside.failed(), beside.count(), beside.percentile(0.5),
				beside.percentile(0.99), subjects("plain").size());
		assertThat(of.failed()).isZero();
		assertThat(subjects("pooled")).hasSize(this.keys.size());
		assertThat(oldestKey("pooled")).isLessThan(10);
		assertThat(connections("pooled")).as("a broken file changes nothing")
			.noneMatch((connection) -> connection.since > broken && connection.since < this.replaced.get("CN=key-8"));
	}

	private OpenLoop calls(ApplicationContext context, String name) {
		RestClient client = Applications.client(context);
		return new OpenLoop(20, PER_SECOND, TIME,
				() -> client.get()
					.uri(this.server.secureUri() + "/?millis=20")
					.header("X-Client", name)
					.retrieve()
					.toBodilessEntity());
	}

	/**
	 * Replace the key in each period, and the authority in between.
	 * @return the time from which the file of the key was broken
	 */
	private long rotate(Pool<?, ?> pool) throws Exception {
		long start = System.nanoTime();
		long broken = 0;
		for (int key = 1; key < this.keys.size(); key++) {
			if (key == 5) {
				trust("authority.crt", "other.crt");
			}
			if (key == 6) {
				this.server.useKey(this.other);
			}
			if (key == 8) {
				trust("other.crt");
			}
			if (key == 9) {
				// The services have been replaced for more than two seconds.
				sleepUntil(start + key * PERIOD.toNanos() - PERIOD.toNanos() / 2);
				broken = System.nanoTime();
				Files.writeString(file("client.key"), "broken");
				sleepUntil(start + key * PERIOD.toNanos());
				assertThat(pool.snapshot().events().latest()).as("update that cannot be used")
					.anyMatch((counted) -> counted.event().type() == Type.REPLACEMENT_SKIPPED);
			}
			sleepUntil(start + key * PERIOD.toNanos());
			this.replaced.put("CN=key-" + (key - 1), System.nanoTime());
			useKey(key);
		}
		return broken;
	}

	private static void sleepUntil(long time) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(time - System.nanoTime());
	}

	private void useKey(int key) throws IOException {
		this.keys.get(key).writePem(file("client.crt"), file("client.key"));
	}

	private void trust(String... certificates) throws IOException {
		StringBuilder trusted = new StringBuilder();
		for (String certificate : certificates) {
			trusted.append(Files.readString(file(certificate)));
		}
		Files.writeString(file("trusted.crt"), trusted);
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

	private String[] properties() {
		String pem = "spring.ssl.bundle.pem.client.";
		return new String[] { pem + "keystore.certificate=file:" + file("client.crt"),
				pem + "keystore.private-key=file:" + file("client.key"),
				pem + "truststore.certificate=file:" + file("trusted.crt"), pem + "reload-on-update=true",
				"spring.ssl.bundle.watch.file.quiet-period=200ms" };
	}

	private List<Accepted> connections(String client) {
		return this.accepted.values().stream().filter((connection) -> connection.client.equals(client)).toList();
	}

	private Set<String> subjects(String client) {
		return connections(client).stream().map(Accepted::subject).collect(Collectors.toSet());
	}

	/** Return how long ago the key of a new connection had been replaced, at most. */
	private double oldestKey(String client) {
		return connections(client).stream()
			.mapToLong(
					(connection) -> connection.since - this.replaced.getOrDefault(connection.subject, Long.MAX_VALUE))
			.filter((age) -> age > 0)
			.max()
			.orElse(0) / 1e9;
	}

}
