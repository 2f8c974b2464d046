package dev.servicepool.spring.faults;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.TargetSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for services that retire but never end, because each has an endless response.
 * They must not keep services of new targets out.
 */
@Timeout(60)
class NewTargetTests {

	private static final int TARGETS = 3;

	private final Work work = new Work();

	private final List<Server> before = servers();

	private final List<Server> after = servers();

	private final AtomicReference<List<URI>> found = new AtomicReference<>(uris(this.before));

	@AfterEach
	void stop() {
		this.work.release();
		this.before.forEach(Server::close);
		this.after.forEach(Server::close);
	}

	@Test
	void newTargetsAreUsedWhileOldServicesDrain() {
		Applications.plain()
			.withBean("ordersTargets", TargetSource.class, () -> (pool) -> this.found.get())
			.withPropertyValues("pool.instances.orders.url=http://orders.test", "pool.max-services=" + TARGETS,
					"pool.instances.orders.refresh-interval=20ms", "pool.instances.orders.acquire-timeout=2s",
					// The endless responses delay the end of the application until then.
					"pool.close-timeout=100ms")
			.run((context) -> {
				RestClient client = Applications.client(context);
				await().until(() -> pool(context).size().ready() == TARGETS);
				while (this.before.stream().anyMatch((server) -> server.count() == 0)) {
					beginEndlessResponse(client);
				}
				this.found.set(uris(this.after));
				await().until(() -> pool(context).size().draining() == TARGETS);
				Calls calls = new Calls(() -> client.get().uri("http://orders.test/").retrieve().toBodilessEntity());
				calls.byCallers(20, 40);
				assertThat(calls.failed()).as("%s", calls).isZero();
				assertThat(this.after).allMatch((server) -> server.count() > 0);
			});
	}

	@SuppressWarnings("resource")
	private static void beginEndlessResponse(RestClient client) {
		client.get()
			.uri("http://orders.test/?stall=body&size=20000")
			.exchange((request, response) -> response.getStatusCode(), false);
	}

	private List<Server> servers() {
		return Stream.generate(() -> Server.http2(100).start(this.work)).limit(TARGETS).toList();
	}

	private static List<URI> uris(List<Server> servers) {
		return servers.stream().map(Server::uri).toList();
	}

	private static PoolSnapshot pool(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

}
