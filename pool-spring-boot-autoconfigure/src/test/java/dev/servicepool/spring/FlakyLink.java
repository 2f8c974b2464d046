package dev.servicepool.spring;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * TCP proxy whose connections break. It resets both sides of each connection after a
 * random number of bytes, within a frame or between two frames.
 */
public final class FlakyLink implements AutoCloseable {

	private final ServerSocket listener;

	private final URI server;

	private final Random random;

	private final int meanBytes;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

	private final AtomicInteger resets = new AtomicInteger();

	/**
	 * Start a proxy.
	 * @param server the address of the server
	 * @param meanBytes the mean number of bytes before a connection breaks, in both
	 * directions together
	 * @param seed the seed of the random numbers
	 */
	public FlakyLink(URI server, int meanBytes, long seed) throws IOException {
		this.server = server;
		this.meanBytes = meanBytes;
		this.random = new Random(seed);
		this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
		this.threads.execute(this::accept);
	}

	/** Return the address of the proxy. */
	public URI uri() {
		return URI.create(this.server.getScheme() + "://127.0.0.1:" + this.listener.getLocalPort());
	}

	/** Return the number of connections that were reset. */
	public int resets() {
		return this.resets.get();
	}

	private void accept() {
		try {
			while (true) {
				Socket client = this.listener.accept();
				Connection connection = new Connection(client, budget());
				this.open.add(connection);
				connection.open();
			}
		}
		catch (IOException ex) {
			// The proxy is closed.
		}
	}

	/**
	 * Return an exponentially distributed number, so that a connection breaks with the
	 * same probability at any byte.
	 */
	private long budget() {
		return (long) (-Math.log(1 - this.random.nextDouble()) * this.meanBytes);
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		for (Closeable connection : this.open) {
			connection.close();
		}
		this.threads.shutdownNow();
	}

	private final class Connection implements Closeable {

		private final Socket client;

		private final Socket server;

		private final AtomicLong left;

		Connection(Socket client, long budget) throws IOException {
			this.client = client;
			this.server = new Socket(FlakyLink.this.server.getHost(), FlakyLink.this.server.getPort());
			this.client.setTcpNoDelay(true);
			this.server.setTcpNoDelay(true);
			this.left = new AtomicLong(budget);
		}

		void open() {
			FlakyLink.this.threads.execute(() -> carry(this.client, this.server));
			FlakyLink.this.threads.execute(() -> carry(this.server, this.client));
		}

		private void carry(Socket from, Socket to) {
			byte[] buffer = new byte[16384];
			try {
				InputStream in = from.getInputStream();
				OutputStream out = to.getOutputStream();
				int length;
				while ((length = in.read(buffer)) >= 0) {
					long left = this.left.addAndGet(-length);
					if (left < 0) {
						out.write(buffer, 0, (int) Math.max(0, length + left));
						reset();
						return;
					}
					out.write(buffer, 0, length);
				}
				to.shutdownOutput();
			}
			catch (IOException ex) {
				close();
			}
		}

		private void reset() throws IOException {
			if (FlakyLink.this.open.remove(this)) {
				FlakyLink.this.resets.incrementAndGet();
				this.client.setSoLinger(true, 0);
				this.server.setSoLinger(true, 0);
			}
			close();
		}

		@Override
		public void close() {
			FlakyLink.this.open.remove(this);
			close(this.client);
			close(this.server);
		}

		private static void close(Socket socket) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// Ignore the failure, because the socket is not used again.
			}
		}

	}

}
