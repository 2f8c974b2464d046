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
 * A way to a server on which each connection goes wrong after a random number of bytes,
 * and in a random way, until it is mended. It can be impassable altogether, and can speak
 * TLS to those who come.
 */
public final class UnrulyLink implements AutoCloseable {

	/** What becomes of a connection. */
	private enum Mishap {

		/** Both sides are reset, be it in the middle of a body. */
		RESET,

		/** What comes is read and never answered. */
		SILENCE,

		/** The way back is closed as if all had been said. */
		HALF_CLOSE,

		/** The way back carries a few bytes at a time. */
		SLOWNESS,

		/** The way back carries bytes that nobody has sent. */
		GARBAGE

	}

	/** How many bytes a connection carries on average, before something happens. */
	private static final int MEAN_BYTES = 20_000;

	private final URI server;

	/** Guarded by this. */
	private final Random random;

	/** For those who come, if it speaks TLS; and in its place now and then. */
	private final @Nullable SSLContext valid;

	private final @Nullable SSLContext invalid;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Set<Connection> open = ConcurrentHashMap.newKeySet();

	private final int port;

	private volatile ServerSocket entrance;

	/** Guarded by this. */
	private boolean mended;

	/**
	 * Open a way to a server.
	 * @param server where it leads, by plain HTTP
	 * @param seed of the random numbers
	 */
	public UnrulyLink(URI server, long seed) throws IOException {
		this(server, seed, null, null);
	}

	/**
	 * Open a way to a server that is entered by TLS.
	 * @param server where it leads, by plain HTTP
	 * @param seed of the random numbers
	 * @param valid has the certificate that it shows
	 * @param invalid has one that it shows to every third connection instead, until it is
	 * mended
	 */
	public UnrulyLink(URI server, long seed, @Nullable SSLContext valid, @Nullable SSLContext invalid)
			throws IOException {
		this.server = server;
		this.random = new Random(seed);
		this.valid = valid;
		this.invalid = invalid;
		this.entrance = listen(0);
		this.port = this.entrance.getLocalPort();
	}

	/** Return where it begins. */
	public URI uri() {
		return URI.create(((this.valid != null) ? "https" : "http") + "://127.0.0.1:" + this.port);
	}

	/** Return how many connections there are. */
	public int connections() {
		return this.open.size();
	}

	/** Let nobody in: connections are refused. */
	public synchronized void block() throws IOException {
		this.entrance.close();
	}

	/** Let everybody in again. */
	public synchronized void unblock() throws IOException {
		if (this.entrance.isClosed()) {
			this.entrance = listen(this.port);
		}
	}

	/** From now on nothing goes wrong. What has been opened before is reset. */
	public synchronized void mend() throws IOException {
		this.mended = true;
		this.open.forEach(Connection::reset);
		unblock();
	}

	/** From now on things go wrong with new connections. */
	public synchronized void unsettle() {
		this.mended = false;
	}

	private ServerSocket listen(int port) throws IOException {
		ServerSocket entrance = new ServerSocket();
		entrance.setReuseAddress(true);
		entrance.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
		this.threads.execute(() -> accept(entrance));
		return entrance;
	}

	private void accept(ServerSocket entrance) {
		try {
			while (true) {
				accepted(entrance.accept());
			}
		}
		catch (IOException ex) {
			// Closed, or blocked.
		}
	}

	private synchronized void accepted(Socket client) {
		long budget = this.mended ? Long.MAX_VALUE : (long) (-Math.log(1 - this.random.nextDouble()) * MEAN_BYTES);
		Mishap mishap = Mishap.values()[this.random.nextInt(Mishap.values().length)];
		SSLContext tls = (this.random.nextInt(3) == 0 && !this.mended) ? this.invalid : this.valid;
		Connection connection = new Connection(client, mishap, budget, this.random.nextLong());
		this.open.add(connection);
		this.threads.execute(() -> connection.serve(tls));
	}

	@Override
	public void close() throws IOException {
		this.entrance.close();
		this.open.forEach(Connection::reset);
		this.threads.shutdownNow();
	}

	private final class Connection {

		private final Socket socket;

		private final Mishap mishap;

		/** How many bytes of answers are left until it happens. One thread at a time. */
		private long budget;

		private final Random garbage;

		private volatile @Nullable Socket server;

		private volatile boolean silent;

		Connection(Socket socket, Mishap mishap, long budget, long seed) {
			this.socket = socket;
			this.mishap = mishap;
			this.budget = budget;
			this.garbage = new Random(seed);
		}

		void serve(@Nullable SSLContext tls) {
			try (Socket client = (tls != null) ? secure(tls) : this.socket;
					Socket server = new Socket(UnrulyLink.this.server.getHost(), UnrulyLink.this.server.getPort())) {
				this.server = server;
				client.setTcpNoDelay(true);
				server.setTcpNoDelay(true);
				UnrulyLink.this.threads.execute(() -> bringBack(server, client));
				bringThere(client, server);
			}
			catch (IOException ex) {
				// It has broken, or was to.
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

		private void bringThere(Socket client, Socket server) throws IOException {
			byte[] buffer = new byte[16384];
			InputStream in = client.getInputStream();
			int length;
			while ((length = in.read(buffer)) >= 0) {
				if (!this.silent) {
					server.getOutputStream().write(buffer, 0, length);
				}
			}
		}

		private void bringBack(Socket server, Socket client) {
			byte[] buffer = new byte[16384];
			try {
				InputStream in = server.getInputStream();
				OutputStream out = client.getOutputStream();
				int length;
				while ((length = in.read(buffer)) >= 0) {
					int orderly = (int) Math.min(length, this.budget);
					this.budget -= orderly;
					out.write(buffer, 0, orderly);
					if (orderly < length) {
						goWrong(client, out, buffer, orderly, length);
					}
				}
				client.shutdownOutput();
			}
			catch (IOException ex) {
				reset();
			}
		}

		private void goWrong(Socket client, OutputStream out, byte[] buffer, int from, int to) throws IOException {
			switch (this.mishap) {
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
				// It is of no more use anyway.
			}
		}

	}

}
