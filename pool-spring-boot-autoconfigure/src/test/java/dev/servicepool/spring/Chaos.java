package dev.servicepool.spring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
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

	private static final int LONGEST_MILLIS = 5000;

	/**
	 * How the server answers that resets requests and closes connections, as long as not
	 * all is well: in all of these ways in turn, since it soon gets few requests.
	 */
	enum Answer {

		GO_AWAY, GO_AWAY_UNSENT, REFUSED, FAILED, BEGUN, CLOSED, FINISHED, FEWER_STREAMS, GOOD

	}

	private final Orders orders = new Orders();

	private final Http2Server server;

	private final UnrulyLink clear;

	private final UnrulyLink secure;

	private final UnrulyLink blocked;

	private final ScriptedHttp2Server scripted;

	private final TestKeyStore authority;

	private final Deck<Answer> answers;

	private final Random random;

	private final ScheduledExecutorService weather = new ScheduledThreadPoolExecutor(1,
			new ThreadPoolExecutor.DiscardPolicy());

	private volatile boolean mended;

	/**
	 * Start the servers, and the chaos with them.
	 * @param folder an empty folder for their files
	 * @param seed of the random numbers
	 */
	public Chaos(Path folder, long seed) throws Exception {
		this.random = new Random(seed);
		this.answers = new Deck<>(List.of(Answer.values()), this.random.nextLong());
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
						"pool.instances.orders.targets=" + targets, "pool.instances.orders.ssl-bundle=authority",
						"pool.instances.orders.connect-timeout=1s", "pool.instances.orders.read-timeout=1s",
						"pool.acquire-timeout=2s" });
	}

	/** Return how many connections there are to any of the servers. */
	public long connections() {
		return this.server.connections() + this.clear.connections() + this.secure.connections()
				+ this.blocked.connections() + this.scripted.connections();
	}

	/**
	 * Return how often what has gone wrong so far, in each of the ways in which something
	 * can: by their names, after the name of what went wrong.
	 */
	public Map<String, Integer> happened() {
		Map<String, Integer> happened = new TreeMap<>();
		put(happened, "plain", this.clear.mishaps());
		put(happened, "tls", this.secure.mishaps());
		put(happened, "certificate", this.secure.certificates());
		put(happened, "answer", this.answers.dealt());
		return happened;
	}

	private static void put(Map<String, Integer> happened, String where, Map<? extends Enum<?>, Integer> counts) {
		counts.forEach((what, count) -> happened.put(where + " " + what, count));
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
		Answer answer = this.mended ? Answer.GOOD : this.answers.deal();
		switch (answer) {
			case GO_AWAY -> connection.goAway(stream);
			case GO_AWAY_UNSENT -> connection.goAway(stream - 2);
			case REFUSED -> connection.reset(stream, ScriptedHttp2Server.REFUSED_STREAM);
			case FAILED -> connection.reset(stream, ScriptedHttp2Server.INTERNAL_ERROR);
			case BEGUN -> connection.begin(stream, "begun");
			case CLOSED -> connection.close();
			case FINISHED -> connection.finish();
			case FEWER_STREAMS -> connection.allow(1 + this.random.nextInt(3));
			case GOOD -> connection.ok(stream);
		}
		if (answer != Answer.GOOD) {
			breakLater(connection);
		}
	}

	/**
	 * A client would stay at a connection that has gone wrong, however little it says.
	 */
	private void breakLater(ScriptedHttp2Server.Connection connection) {
		this.weather.schedule(() -> {
			connection.close();
			return null;
		}, this.random.nextInt(LONGEST_MILLIS), TimeUnit.MILLISECONDS);
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
