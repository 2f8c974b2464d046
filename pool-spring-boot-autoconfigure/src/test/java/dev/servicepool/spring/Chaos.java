package dev.servicepool.spring;

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
 * A server that takes orders and four ways to go wrong beside it: connections that break
 * and certificates that have expired on the way to it, a port where at times nobody
 * listens, and a server that resets requests and closes connections by the rules of
 * HTTP/2. All of that follows from a seed, until it is mended.
 */
public final class Chaos implements AutoCloseable {

	/** How many targets there are. */
	public static final int TARGETS = 5;

	private static final int WEATHER_MILLIS = 100;

	private final Orders orders = new Orders();

	private final Http2Server server;

	private final UnrulyLink clear;

	private final UnrulyLink secure;

	private final UnrulyLink blocked;

	private final ScriptedHttp2Server scripted;

	private final TestKeyStore authority;

	private final Random random;

	private final ScheduledExecutorService weather = Executors.newSingleThreadScheduledExecutor();

	private volatile boolean mended;

	/**
	 * Start the servers, and the chaos with them.
	 * @param folder an empty folder for their files
	 * @param seed of the random numbers
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
		this.scripted = new ScriptedHttp2Server(this::answer);
		this.weather.scheduleWithFixedDelay(this::change, WEATHER_MILLIS, WEATHER_MILLIS, TimeUnit.MILLISECONDS);
	}

	/** Return the orders that were taken, but those of the server that does not look. */
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

	/** Return how many connections there are to any of the servers. */
	public long connections() {
		return this.server.connections() + this.clear.connections() + this.secure.connections()
				+ this.blocked.connections() + this.scripted.connections();
	}

	/** From now on all is well. */
	public synchronized void mend() throws IOException {
		this.mended = true;
		this.clear.mend();
		this.secure.mend();
		this.blocked.mend();
		this.scripted.closeConnections();
	}

	/** From now on it is not. */
	public synchronized void unsettle() {
		this.mended = false;
		this.clear.unsettle();
		this.secure.unsettle();
		this.blocked.unsettle();
	}

	private synchronized void change() {
		try {
			if (!this.mended) {
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

	private void answer(ScriptedHttp2Server.Connection connection, int stream) throws IOException {
		int choice = this.mended ? Integer.MAX_VALUE : this.random.nextInt(20);
		switch (choice) {
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
		this.weather.shutdownNow();
		this.clear.close();
		this.secure.close();
		this.blocked.close();
		this.scripted.close();
		this.server.close();
	}

}
