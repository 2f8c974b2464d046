package dev.servicepool.spring;

import dev.servicepool.fixtures.ScriptedHttp2Server;
import dev.servicepool.fixtures.TestKeyStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.catalina.LifecycleException;

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

	private final Orders orders = new Orders();

	private final Http2Server server;

	private final UnrulyLink clear;

	private final UnrulyLink secure;

	private final UnrulyLink blocked;

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
		this.server = new Http2Server(folder, 10, this.orders);
		this.authority = TestKeyStore.create(folder.resolve("authority.p12"), "IP:127.0.0.1");
		TestKeyStore expired = this.authority.issueExpired(folder.resolve("expired.p12"), "IP:127.0.0.1");
		this.clear = new UnrulyLink(this.server.clearUri(), this.random.nextLong());
		this.secure = new UnrulyLink(this.server.clearUri(), this.random.nextLong(), this.authority.serverContext(),
				expired.serverContext());
		this.blocked = new UnrulyLink(this.server.clearUri(), this.random.nextLong());
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
			.of(this.server.clearUri(), this.clear.uri(), this.secure.uri(), this.blocked.uri(), this.scripted.uri())
			.toList());
		return StringUtils.concatenateStringArrays(this.authority.trustedBy("authority"),
				new String[] { "pool.instances.orders.url=http://orders.test",
						"pool.instances.orders.targets=" + targets, "pool.instances.orders.client.ssl.bundle=authority",
						"pool.instances.orders.client.connect-timeout=1s",
						"pool.instances.orders.client.read-timeout=1s", "pool.acquire-timeout=2s" });
	}

	/** Return the number of open connections to all targets. */
	public long connections() {
		return this.server.connections() + this.clear.connections() + this.secure.connections()
				+ this.blocked.connections() + this.scripted.connections();
	}

	/** Stop all failures. */
	public synchronized void stopFailures() throws IOException {
		this.failuresStopped = true;
		this.clear.stopFailures();
		this.secure.stopFailures();
		this.blocked.stopFailures();
		this.scripted.closeConnections();
	}

	/** Start the failures again. */
	public synchronized void startFailures() {
		this.failuresStopped = false;
		this.clear.startFailures();
		this.secure.startFailures();
		this.blocked.startFailures();
	}

	private synchronized void change() {
		try {
			if (!this.failuresStopped) {
				if (this.random.nextBoolean()) {
					this.blocked.block();
				}
				else {
					this.blocked.unblock();
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
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
	public void close() throws IOException, LifecycleException {
		this.timer.shutdownNow();
		this.clear.close();
		this.secure.close();
		this.blocked.close();
		this.scripted.close();
		this.server.close();
	}

}
