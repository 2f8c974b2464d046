package dev.servicepool.spring.autoconfigure;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.CountedEvent;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.metrics.PoolMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for SSL bundles whose files change while the application runs. The server
 * requires a certificate of the client.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class SslReloadTests {

	private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

	private static final TestKeyStore first = TestKeyStore.loopback();

	@TempDir
	private static Path keys;

	/** Issued by the first one. */
	private static TestKeyStore second;

	/** Issued by the first one, and valid for longer. */
	private static TestKeyStore longer;

	@AutoClose("shutdownNow")
	private final ExecutorService caller = Executors.newSingleThreadExecutor();

	private final Set<String> subjects = ConcurrentHashMap.newKeySet();

	@TempDir
	private Path directory;

	/** The key store of the client. */
	private Path file;

	@AutoClose
	private Server server;

	@BeforeAll
	static void issueKeys() throws Exception {
		second = first.issue(keys.resolve("second.p12"), "IP:127.0.0.1");
		longer = first.issue(keys.resolve("longer.p12"), "IP:127.0.0.1", 30);
	}

	@BeforeEach
	void start() throws Exception {
		this.file = Files.copy(first.file(), this.directory.resolve("client.p12"));
		this.server = Server.http2(100).tls(first).requireClientCertificates().start(this::respond);
	}

	private void respond(HttpServletRequest request, HttpServletResponse response) {
		X509Certificate[] chain = (X509Certificate[]) request.getAttribute(CERTIFICATES);
		this.subjects.add(chain[0].getSubjectX500Principal().getName());
		response.addHeader("Set-Cookie", "session=1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.instances.orders.client.ssl.bundle", "spring.http.clients.ssl.bundle" })
	void servicesAreReplacedWhenBundleChanges(String property) {
		run(property, (context) -> {
			AtomicBoolean stopped = new AtomicBoolean();
			Future<?> calls = this.caller.submit(() -> {
				while (!stopped.get()) {
					call(context);
				}
			});
			await().until(() -> !this.subjects.isEmpty());
			assertThat(this.subjects).hasSize(1);
			Files.write(this.file, Files.readAllBytes(second.file()));
			await().until(() -> outdated(context) > 0 && snapshot(context).size().draining() == 0);
			this.subjects.clear();
			await().until(() -> !this.subjects.isEmpty());
			stopped.set(true);
			calls.get();
			assertThat(this.subjects).containsExactly("CN=second.p12");
			assertThat(snapshot(context).totals().calls().failed()).isZero();
		});
	}

	@Test
	void newServicesSendCookiesOfPreviousOnes() {
		runner("pool.instances.orders.client.ssl.bundle")
			.withPropertyValues("spring.http.clients.cookie-handling=enable")
			.run((context) -> {
				call(context);
				Files.write(this.file, Files.readAllBytes(second.file()));
				await().until(() -> outdated(context) > 0 && snapshot(context).size().draining() == 0);
				this.subjects.clear();
				call(context);
				assertThat(this.subjects).containsExactly("CN=second.p12");
				assertThat(this.server.requests()).last()
					.satisfies((request) -> assertThat(request.header("Cookie")).contains("session"));
			});
	}

	@Test
	void brokenFileChangesNothing(CapturedOutput output) {
		run("pool.instances.orders.client.ssl.bundle", (context) -> {
			call(context);
			Files.writeString(this.file, "broken");
			assertSkipped(context, output, "");
		});
	}

	@Test
	void keyWithoutItsCertificateChangesNothing(CapturedOutput output) {
		run("pool.instances.orders.client.ssl.bundle", (context) -> {
			call(context);
			Files.write(this.file, mismatched());
			assertSkipped(context, output, "does not belong to its certificate");
		});
	}

	/** Return a key store with one key and the certificate of another one. */
	private static byte[] mismatched() throws Exception {
		char[] password = TestKeyStore.PASSWORD.toCharArray();
		KeyStore store = KeyStore.getInstance(first.file().toFile(), password);
		KeyStore other = KeyStore.getInstance(second.file().toFile(), password);
		store.setKeyEntry("test", other.getKey("test", password), password, store.getCertificateChain("test"));
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		store.store(bytes, password);
		return bytes.toByteArray();
	}

	/** Check that the update causes a warning and an event, and nothing else. */
	private void assertSkipped(AssertableApplicationContext context, CapturedOutput output, String problem) {
		String message = "the update of the SSL bundle 'client' cannot be used";
		await().until(() -> output.toString().contains("Pool 'orders': " + message));
		await().until(() -> events(context, (event) -> event.type() == Type.REPLACEMENT_SKIPPED
				&& event.message().startsWith(message) && event.message().contains(problem)) == 1);
		call(context);
		assertThat(outdated(context)).isZero();
		assertThat(this.subjects).hasSize(1);
		assertThat(snapshot(context).totals().creations().created()).isOne();
	}

	@Test
	void gaugeTellsDaysUntilCertificateExpiresAlsoAfterReload() {
		runner("pool.instances.orders.client.ssl.bundle")
			.withConfiguration(AutoConfigurations.of(PoolMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> {
				SimpleMeterRegistry meters = context.getBean(SimpleMeterRegistry.class);
				context.getBean(PoolMetrics.class).bindTo(meters);
				Gauge days = meters.get("servicepool.client.certificate.expiry").tag("pool", "orders").gauge();
				assertThat(days.value()).isBetween(0.0, 2.0);
				Files.write(this.file, Files.readAllBytes(longer.file()));
				await().until(() -> days.value() > 2);
				assertThat(days.value()).isBetween(28.0, 30.0);
				Files.writeString(this.file, "broken");
				assertThat(days.value()).isBetween(28.0, 30.0);
			});
	}

	private interface Scenario {

		void with(AssertableApplicationContext context) throws Exception;

	}

	private void run(String property, Scenario scenario) {
		runner(property).run(scenario::with);
	}

	private ApplicationContextRunner runner(String property) {
		return Applications
			.pooled(this.server.secureUri(), property + "=client", "spring.ssl.bundle.jks.client.reload-on-update=true",
					"spring.ssl.bundle.watch.file.quiet-period=100ms")
			.withPropertyValues(first.usedBy("client"))
			.withPropertyValues("spring.ssl.bundle.jks.client.keystore.location=file:" + this.file);
	}

	private void call(AssertableApplicationContext context) {
		RestClient client = Applications.client(context);
		client.get().uri(this.server.secureUri()).retrieve().toBodilessEntity();
	}

	private static long outdated(AssertableApplicationContext context) {
		return events(context, (event) -> event.reason() == Reason.OUTDATED);
	}

	private static long events(AssertableApplicationContext context, Predicate<PoolEvent> wanted) {
		return snapshot(context).events().latest().stream().map(CountedEvent::event).filter(wanted).count();
	}

	private static PoolSnapshot snapshot(AssertableApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

}
