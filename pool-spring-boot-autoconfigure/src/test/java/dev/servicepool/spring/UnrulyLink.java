package dev.servicepool.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * TCP proxy on which each connection fails after a random number of bytes and in a random
 * way, unless failures are stopped. It can refuse connections, and it can accept TLS
 * connections.
 */
public final class UnrulyLink implements AutoCloseable {

	/** Ways in which a connection fails. */
	private enum Failure {

		/** Resets both sides, even within a body. */
		RESET,

		/** Reads requests, but forwards no further bytes to the server. */
		SILENCE,

		/** Closes the output to the client. */
		HALF_CLOSE,

		/** Sends responses in small pieces with pauses. */
		SLOWNESS,

		/** Replaces bytes of a response with random bytes. */
		GARBAGE

	}

	/** Mean number of response bytes before a connection fails. */
	private static final int MEAN_BYTES = 20_000;

	private final URI server;

	/** Guarded by this. */
	private final Random random;

	/** TLS configuration with the valid certificate, if the proxy accepts TLS. */
	private final @Nullable SSLContext valid;

	/** TLS configuration with the invalid certificate. */
	private final @Nullable SSLContext invalid;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Set<Connection> open = ConcurrentHashMap.newKeySet();

	private final int port;

	private volatile ServerSocket listener;

	/** Guarded by this. */
	private boolean failuresStopped;

	/**
	 * Start a proxy without TLS.
	 * @param server the address of the server, with the scheme http
	 * @param seed the seed of the random numbers
	 * @throws IOException if the proxy cannot listen
	 */
	public UnrulyLink(URI server, long seed) throws IOException {
		this(server, seed, null, null);
	}

	/**
	 * Start a proxy that accepts TLS connections.
	 * @param server the address of the server, with the scheme http
	 * @param seed the seed of the random numbers
	 * @param valid the TLS configuration with the valid certificate
	 * @param invalid the TLS configuration for a random third of the connections, unless
	 * failures are stopped
	 * @throws IOException if the proxy cannot listen
	 */
	public UnrulyLink(URI server, long seed, @Nullable SSLContext valid, @Nullable SSLContext invalid)
			throws IOException {
		this.server = server;
		this.random = new Random(seed);
		this.valid = valid;
		this.invalid = invalid;
		this.listener = listen(0);
		this.port = this.listener.getLocalPort();
	}

	/** Return the address of the proxy. */
	public URI uri() {
		return URI.create(((this.valid != null) ? "https" : "http") + "://127.0.0.1:" + this.port);
	}

	/** Return the number of open connections. */
	public int connections() {
		return this.open.size();
	}

	/** Refuse new connections. */
	public synchronized void block() throws IOException {
		this.listener.close();
	}

	/** Accept new connections again. */
	public synchronized void unblock() throws IOException {
		if (this.listener.isClosed()) {
			this.listener = listen(this.port);
		}
	}

	/** Stop all failures, reset all connections, and accept new ones. */
	public synchronized void stopFailures() throws IOException {
		this.failuresStopped = true;
		this.open.forEach(Connection::reset);
		unblock();
	}

	/** Let new connections fail again. */
	public synchronized void startFailures() {
		this.failuresStopped = false;
	}

	private ServerSocket listen(int port) throws IOException {
		ServerSocket listener = new ServerSocket();
		listener.setReuseAddress(true);
		listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
		this.threads.execute(() -> accept(listener));
		return listener;
	}

	private void accept(ServerSocket listener) {
		try {
			while (true) {
				accepted(listener.accept());
			}
		}
		catch (IOException ex) {
			// The proxy is closed or refuses connections.
		}
	}

	private synchronized void accepted(Socket client) {
		long budget = this.failuresStopped ? Long.MAX_VALUE
				: (long) (-Math.log(1 - this.random.nextDouble()) * MEAN_BYTES);
		Failure failure = Failure.values()[this.random.nextInt(Failure.values().length)];
		SSLContext tls = (this.random.nextInt(3) == 0 && !this.failuresStopped) ? this.invalid : this.valid;
		Connection connection = new Connection(client, failure, budget, this.random.nextLong());
		this.open.add(connection);
		this.threads.execute(() -> connection.serve(tls));
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		this.open.forEach(Connection::reset);
		this.threads.shutdownNow();
	}

	private final class Connection {

		private final Socket socket;

		private final Failure failure;

		/**
		 * Remaining response bytes before the connection fails. Used by the thread that
		 * forwards responses.
		 */
		private long budget;

		private final Random garbage;

		private volatile @Nullable Socket server;

		private volatile boolean silent;

		Connection(Socket socket, Failure failure, long budget, long seed) {
			this.socket = socket;
			this.failure = failure;
			this.budget = budget;
			this.garbage = new Random(seed);
		}

		void serve(@Nullable SSLContext tls) {
			try (Socket client = (tls != null) ? secure(tls) : this.socket;
					Socket server = new Socket(UnrulyLink.this.server.getHost(), UnrulyLink.this.server.getPort())) {
				this.server = server;
				client.setTcpNoDelay(true);
				server.setTcpNoDelay(true);
				UnrulyLink.this.threads.execute(() -> forwardResponses(server, client));
				forwardRequests(client, server);
			}
			catch (IOException ex) {
				// The connection failed or was reset.
			}
			finally {
				reset();
			}
		}

		private Socket secure(SSLContext tls) throws IOException {
			SSLSocket secure = (SSLSocket) tls.getSocketFactory()
				.createSocket(this.socket, null, UnrulyLink.this.port, true);
			secure.setUseClientMode(false);
			secure.startHandshake();
			return secure;
		}

		private void forwardRequests(Socket client, Socket server) throws IOException {
			byte[] buffer = new byte[16384];
			InputStream in = client.getInputStream();
			int length;
			while ((length = in.read(buffer)) >= 0) {
				if (!this.silent) {
					server.getOutputStream().write(buffer, 0, length);
				}
			}
		}

		private void forwardResponses(Socket server, Socket client) {
			byte[] buffer = new byte[16384];
			try {
				InputStream in = server.getInputStream();
				OutputStream out = client.getOutputStream();
				int length;
				while ((length = in.read(buffer)) >= 0) {
					int unchanged = (int) Math.min(length, this.budget);
					this.budget -= unchanged;
					out.write(buffer, 0, unchanged);
					if (unchanged < length) {
						fail(client, out, buffer, unchanged, length);
					}
				}
				client.shutdownOutput();
			}
			catch (IOException ex) {
				reset();
			}
		}

		private void fail(Socket client, OutputStream out, byte[] buffer, int from, int to) throws IOException {
			switch (this.failure) {
				case RESET -> reset();
				case SILENCE -> this.silent = true;
				case HALF_CLOSE -> client.shutdownOutput();
				case SLOWNESS -> {
					for (int at = from; at < to; at += 100) {
						pause();
						out.write(buffer, at, Math.min(100, to - at));
					}
				}
				case GARBAGE -> {
					byte[] garbage = new byte[to - from];
					this.garbage.nextBytes(garbage);
					out.write(garbage);
				}
			}
		}

		private static void pause() throws IOException {
			try {
				TimeUnit.MILLISECONDS.sleep(10);
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		}

		void reset() {
			if (UnrulyLink.this.open.remove(this)) {
				reset(this.socket);
				Socket server = this.server;
				if (server != null) {
					reset(server);
				}
			}
		}

		private static void reset(Socket socket) {
			try {
				socket.setSoLinger(true, 0);
				socket.close();
			}
			catch (IOException ex) {
				// Ignore the failure, because the socket is not used again.
			}
		}

	}

}
