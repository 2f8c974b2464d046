package dev.servicepool.spring.docs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.docs.ServiceSnippets.ConverterProcess;
import dev.servicepool.spring.docs.ServiceSnippets.Document;
import dev.servicepool.spring.docs.ServiceSnippets.DocumentId;
import dev.servicepool.spring.docs.ServiceSnippets.DocumentReader;
import dev.servicepool.spring.docs.ServiceSnippets.Model;
import dev.servicepool.spring.docs.ServiceSnippets.Preview;
import dev.servicepool.spring.docs.ServiceSnippets.ReconnectingService;
import dev.servicepool.spring.docs.ServiceSnippets.Solution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the examples in docs/services.md have the described results.
 */
@Timeout(60)
class ServicesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class))
		.withUserConfiguration(ServiceSnippets.class)
		.withPropertyValues("pool.eager=false");

	@Test
	void readsDocument() throws Exception {
		ServiceFactory<DocumentId, Document> factory = (target) -> (id) -> new Document("fake");
		try (Pool<DocumentId, Document> pool = Pool.of(factory, Target.of("archive"))) {
			assertThat(new DocumentReader(pool).read(new DocumentId("42"))).isEqualTo(new Document("fake"));
		}
	}

	@Test
	void returnsNothingWhileAllSessionsAreBusy() throws Exception {
		ServiceFactory<DocumentId, Document> factory = (target) -> (id) -> new Document("fake");
		try (Pool<DocumentId, Document> pool = Pool.builder().maxConcurrency(1).maxServices(1).build(factory)) {
			Lease<DocumentId, Document> lease = pool.acquire();
			assertThat(new Preview(pool).read(new DocumentId("42"))).isEmpty();
			lease.close();
		}
	}

	@Test
	void sessionAndLicenseServeCalls() {
		this.runner.run((context) -> {
			DocumentReader reader = context.getBean(DocumentReader.class);
			assertThat(reader.read(new DocumentId("42"))).isEqualTo(new Document("text of 42"));
			assertThat(new Preview(reader.archive()).read(new DocumentId("42"))).contains(new Document("text of 42"));
			@SuppressWarnings("unchecked")
			Pool<Model, Solution> solver = context.getBean("solverPool", Pool.class);
			assertThat(solver.call(new Model("model"))).isEqualTo(new Solution("solution of model"));
		});
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void processThatHasEndedIsReplaced() throws Exception {
		List<ConverterProcess> created = new CopyOnWriteArrayList<>();
		try (Pool<String, String> pool = pool(created)) {
			assertThat(pool.call("text")).isEqualTo("text");
			ProcessHandle process = created.get(0).process().toHandle();
			process.destroy();
			process.onExit().get(10, TimeUnit.SECONDS);
			await().until(() -> !created.get(0).process().isAlive());
			assertThat(pool.call("other text")).isEqualTo("other text");
			assertThat(created).hasSize(2);
			await().until(() -> pool.snapshot().totals().creations().evicted() == 1);
		}
		assertThat(created).noneMatch((service) -> service.process().isAlive());
	}

	@Test
	void callerWaitsUntilServiceIsConnected() throws Exception {
		ReconnectingService service = new ReconnectingService();
		try (Pool<DocumentId, Document> pool = Pool.builder().maxServices(1).build((target) -> service)) {
			pool.start();
			await().until(() -> pool.snapshot().size().pending() == 1);
			assertThat(pool.tryAcquire()).isNull();
			CompletableFuture<Lease<DocumentId, Document>> lease = CompletableFuture.supplyAsync(() -> acquire(pool));
			await().until(() -> pool.snapshot().load().waiting() == 1);
			service.onConnectionChange(true);
			assertThat(lease.get(10, TimeUnit.SECONDS).succeed()).isTrue();
		}
	}

	/** Create a pool of one process that responds with each request. */
	private static Pool<String, String> pool(List<ConverterProcess> created) {
		return Pool.builder().maxConcurrency(1).maxServices(1).build((target) -> {
			ConverterProcess process = new ConverterProcess("cat");
			created.add(process);
			return process;
		});
	}

	private static <Q, R> Lease<Q, R> acquire(Pool<Q, R> pool) {
		try {
			return pool.acquire(Duration.ofSeconds(30));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
