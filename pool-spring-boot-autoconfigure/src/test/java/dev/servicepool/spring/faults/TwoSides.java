package dev.servicepool.spring.faults;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.Applications;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

import static org.awaitility.Awaitility.await;

/**
 * The same scenario with a plain client and with a pooled client. Both sides run
 * concurrently. Each has its own links to the servers, so that both meet the same faults.
 * The plain client calls the servers in turn.
 */
final class TwoSides implements AutoCloseable {

	private final Side plain;

	private final Side pooled;

	private ApplicationContextRunner runner = Applications.plain();

	/**
	 * Create two sides.
	 * @param servers the addresses of the servers
	 */
	TwoSides(List<URI> servers) {
		this(servers, servers);
	}

	private String[] poolProperties = {};

	/**
	 * Create two sides with different servers.
	 * @param plain the addresses of the servers that the plain client calls
	 * @param pooled the addresses of the servers that the pooled client calls
	 */
	TwoSides(List<URI> plain, List<URI> pooled) {
		this.plain = new Side(plain.stream().map(Link::to).toList());
		this.pooled = new Side(pooled.stream().map(Link::to).toList());
	}

	/** Set properties of both applications. */
	TwoSides with(String... properties) {
		this.runner = this.runner.withPropertyValues(properties);
		return this;
	}

	/** Set properties of the pool. */
	TwoSides withPool(String... properties) {
		this.poolProperties = properties;
		return this;
	}

	/** Add configuration classes to both applications. */
	TwoSides withConfiguration(Class<?>... classes) {
		this.runner = this.runner.withUserConfiguration(classes);
		return this;
	}

	/** Trust the certificate of the servers, and use HTTP/2. */
	TwoSides trusting(TestKeyStore keyStore) {
		return with(keyStore.trustedBy("trusting")).with(
				// The bundle names the protocol, so that clients use HTTP/2.
				"spring.ssl.bundle.jks.trusting.options.enabled-protocols=TLSv1.3",
				"spring.http.clients.ssl.bundle=trusting");
	}

	/** Return the links of both sides. */
	List<Link> links() {
		return Stream.concat(this.plain.links.stream(), this.pooled.links.stream()).toList();
	}

	/** Return the links of both sides to a server. */
	List<Link> links(int server) {
		return List.of(this.plain.links.get(server), this.pooled.links.get(server));
	}

	/** Return the calls that the pooled client sends. */
	Calls pooledCalls() {
		return Objects.requireNonNull(this.pooled.calls);
	}

	/** Return the number of connections that the pooled client has opened. */
	int pooledConnections() {
		return this.pooled.links.stream().mapToInt(Link::opened).sum();
	}

	/** Return the number of connections that the plain client has opened. */
	int plainConnections() {
		return this.plain.links.stream().mapToInt(Link::opened).sum();
	}

	/**
	 * Run a scenario on both sides.
	 * @param name the name under which the outcome is printed
	 * @param scenario the scenario
	 */
	Outcome run(String name, Scenario scenario) throws Exception {
		ExecutorService thread = Executors.newSingleThreadExecutor();
		try {
			CompletableFuture<Calls> plain = new CompletableFuture<>();
			thread.execute(() -> complete(plain, () -> runPlain(scenario)));
			AtomicReference<@Nullable PoolSnapshot> snapshot = new AtomicReference<>();
			Calls pooled = runPooled(scenario, snapshot);
			Outcome outcome = new Outcome(plain.get(), pooled, snapshot.get());
			System.out.println("FAULT on Java " + Runtime.version().feature() + ", " + name + ": plain "
					+ outcome.plain() + ", connections " + plainConnections() + "; pooled " + pooled + ", connections "
					+ pooledConnections() + ", services created " + outcome.pool().totals().creations().created()
					+ ", ejections " + outcome.pool().totals().ejections());
			return outcome;
		}
		finally {
			thread.shutdownNow();
		}
	}

	private static <T> void complete(CompletableFuture<T> result, Callable<T> task) {
		try {
			result.complete(task.call());
		}
		catch (Exception | AssertionError ex) {
			result.completeExceptionally(ex);
		}
	}

	private Calls runPlain(Scenario scenario) {
		AtomicReference<Calls> calls = new AtomicReference<>();
		this.runner.run((context) -> {
			this.plain.client = Applications.client(context);
			calls.set(scenario.on(this.plain));
		});
		return calls.get();
	}

	private Calls runPooled(Scenario scenario, AtomicReference<@Nullable PoolSnapshot> snapshot) {
		AtomicReference<Calls> calls = new AtomicReference<>();
		List<String> targets = this.pooled.links.stream().map((link) -> link.uri().toString()).toList();
		String url = this.pooled.links.get(0).uri().getScheme() + "://orders.test";
		this.runner
			.withPropertyValues("pool.instances.orders.targets=" + String.join(",", targets),
					"pool.instances.orders.url=" + url, "pool.instances.orders.server-name=target", Applications.HTTP_2)
			.withPropertyValues(this.poolProperties)
			.run((context) -> {
				this.pooled.client = Applications.client(context);
				this.pooled.url = url;
				this.pooled.context = context;
				await().until(() -> this.pooled.pool().size().ready() >= targets.size());
				calls.set(scenario.on(this.pooled));
				snapshot.set(this.pooled.pool());
				// End calls without a response.
				this.pooled.links.forEach(Link::reset);
			});
		return calls.get();
	}

	@Override
	public void close() {
		links().forEach(Link::close);
	}

	interface Scenario {

		/**
		 * Send calls through one side.
		 * @param side the side
		 * @return the calls whose outcomes matter
		 */
		Calls on(Side side) throws Exception;

	}

	/**
	 * Outcome of a scenario.
	 *
	 * @param plain the calls of the plain client
	 * @param pooled the calls of the pooled client
	 * @param pool the pool at the end of the calls
	 */
	record Outcome(Calls plain, Calls pooled, PoolSnapshot pool) {
	}

	/** Client with its links to the servers. */
	static final class Side {

		private final List<Link> links;

		private final AtomicInteger next = new AtomicInteger();

		private @Nullable RestClient client;

		private @Nullable String url;

		private @Nullable ApplicationContext context;

		/** The calls that were created last. Read by any thread. */
		private volatile @Nullable Calls calls;

		Side(List<Link> links) {
			this.links = new ArrayList<>(links);
		}

		List<Link> links() {
			return this.links;
		}

		boolean isPooled() {
			return this.context != null;
		}

		PoolSnapshot pool() {
			return this.context.getBean(Pool.class).snapshot();
		}

		/**
		 * Return the number of services, or of connections that the plain client uses.
		 */
		int services() {
			return isPooled() ? pool().size().live() : this.links.size();
		}

		RestClient client() {
			return this.client;
		}

		/** Return an address for the next request. */
		URI uri(String path) {
			String address = (this.url != null) ? this.url
					: this.links.get(this.next.getAndIncrement() % this.links.size()).uri().toString();
			return URI.create(address + path);
		}

		/** Return calls that send a GET request. */
		Calls gets(String path) {
			return calls(() -> this.client.get().uri(uri(path)).retrieve().toBodilessEntity());
		}

		/** Return calls that send a POST request with a body. */
		Calls posts(String path) {
			return calls(() -> this.client.post().uri(uri(path)).body("an order").retrieve().toBodilessEntity());
		}

		private Calls calls(Callable<?> call) {
			Calls calls = new Calls(call);
			this.calls = calls;
			return calls;
		}

		/** Send five GET requests, and more until each service has a connection. */
		void connect() throws InterruptedException {
			Calls calls = gets("/").oneAfterAnother(5, Duration.ZERO);
			await().until(() -> {
				calls.oneAfterAnother(1, Duration.ZERO);
				return isPooled() ? eachServiceResponded()
						: this.links.stream().mapToInt(Link::opened).sum() >= services();
			});
		}

		private boolean eachServiceResponded() {
			return pool().services()
				.stream()
				.map(ServiceSnapshot::totals)
				.allMatch((totals) -> totals.calls() > totals.failures());
		}

	}

}
