package dev.servicepool.spring;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.LinkFailure;
import dev.servicepool.fixtures.ScriptedHttp2Server;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;

import org.springframework.util.StringUtils;

/**
 * Targets of a pool: a server that accepts orders, and four targets that fail. One breaks
 * connections, and one presents expired certificates. One refuses connections from time
 * to time, and one resets requests and closes connections as HTTP/2 allows. A seed
 * determines the failures, which can be stopped.
 */
public final class Chaos implements AutoCloseable {

	/** Number of targets. */
	public static final int TARGETS = 5;

	private static final int CHANGE_MILLIS = 100;

	/** Mean number of bytes before a connection fails. */
	private static final int MEAN_BYTES = 20_000;

	private static final LinkFailure[] FAILURES = { LinkFailure.RESET, LinkFailure.FREEZE, LinkFailure.HALF_CLOSE,
			LinkFailure.SLOWNESS, LinkFailure.GARBAGE };

	private final Orders orders = new Orders();

	private final Server server;

	private final Server expired;

	private final Link clear;

	private final Link secure;

	private final Link blocked;

	private final ScriptedHttp2Server scripted;

	private final TestKeyStore authority;

	private final Random random;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private volatile boolean failuresStopped;

	/**
	 * Start the servers and their failures.
	 * @param folder an empty directory for the files of the servers
	 * @param seed the seed of the random numbers
	 */
	public Chaos(Path folder, long seed) throws Exception {
		this.random = new Random(seed);
		this.authority = TestKeyStore.create(folder.resolve("authority.p12"), "IP:127.0.0.1");
		this.server = Server.http2(10).tls(this.authority).start(this.orders);
		this.expired = Server.http2(10)
			.tls(this.authority.issueExpired(folder.resolve("expired.p12"), "IP:127.0.0.1"))
			.start(this.orders);
		this.clear = Link.to(this.server.uri());
		this.secure = Link.to(this.server.secureUri());
		this.secure.switchTo(this::secureServer);
		this.blocked = Link.to(this.server.uri());
		startFailures();
		this.scripted = new ScriptedHttp2Server(this::respond);
		this.timer.scheduleWithFixedDelay(this::change, CHANGE_MILLIS, CHANGE_MILLIS, TimeUnit.MILLISECONDS);
	}

	/**
	 * Return the orders that the targets received. The scripted server does not read
	 * orders, and its orders are missing.
	 */
	public Orders orders() {
		return this.orders;
	}

	/** Return the properties of an application with a pool of all servers. */
	public String[] properties() {
		String targets = StringUtils.collectionToCommaDelimitedString(Stream
			.of(this.server.uri(), this.clear.uri(), this.secure.uri(), this.blocked.uri(), this.scripted.uri())
			.toList());
		return StringUtils.concatenateStringArrays(this.authority.trustedBy("authority"),
				new String[] { "pool.instances.orders.url=http://orders.test",
						"pool.instances.orders.targets=" + targets, "pool.instances.orders.client.ssl.bundle=authority",
						"pool.instances.orders.client.connect-timeout=1s",
						"pool.instances.orders.client.read-timeout=1s", "pool.acquire-timeout=2s" });
	}

	/** Return the number of open connections to all targets. */
	public long connections() {
		return this.server.connections() + this.expired.connections() + this.scripted.connections();
	}

	/** Stop all failures. */
	public synchronized void stopFailures() throws IOException {
		this.failuresStopped = true;
		for (Link link : links()) {
			link.heal();
			link.reset();
			link.accept();
		}
		this.scripted.closeConnections();
	}

	/** Start the failures again. */
	public synchronized void startFailures() {
		this.failuresStopped = false;
		for (Link link : links()) {
			link.failRandomly(this.random.nextLong(), MEAN_BYTES, FAILURES);
		}
	}

	private List<Link> links() {
		return List.of(this.clear, this.secure, this.blocked);
	}

	/** Return the server with an expired certificate for a third of the connections. */
	private synchronized URI secureServer() {
		boolean expired = this.random.nextInt(3) == 0 && !this.failuresStopped;
		return (expired ? this.expired : this.server).secureUri();
	}

	private synchronized void change() {
		if (this.failuresStopped) {
			return;
		}
		if (this.random.nextBoolean()) {
			this.blocked.refuse();
		}
		else {
			this.blocked.accept();
		}
	}

	private void respond(ScriptedHttp2Server.Connection connection, int stream) throws IOException {
		int action = this.failuresStopped ? Integer.MAX_VALUE : this.random.nextInt(20);
		switch (action) {
			case 0 -> connection.goAway(stream);
			case 1 -> connection.goAway(stream - 2);
			case 2 -> connection.reset(stream, ScriptedHttp2Server.REFUSED_STREAM);
			case 3 -> connection.reset(stream, ScriptedHttp2Server.INTERNAL_ERROR);
			case 4 -> connection.begin(stream, "begun");
			case 5 -> connection.close();
			case 6 -> connection.finish();
			case 7 -> connection.allow(1 + this.random.nextInt(3));
			default -> connection.ok(stream);
		}
	}

	@Override
	public void close() throws IOException {
		this.timer.shutdownNow();
		links().forEach(Link::close);
		this.scripted.close();
		this.server.close();
		this.expired.close();
	}

}
