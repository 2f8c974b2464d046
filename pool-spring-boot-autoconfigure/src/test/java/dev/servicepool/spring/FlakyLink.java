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
 * A way to a server on which TCP connections break: each one is reset on both sides after
 * a random number of bytes, be that in the middle of a frame or between two.
 */
public final class FlakyLink implements AutoCloseable {

	private final ServerSocket entrance;

	private final URI server;

	private final Random random;

	private final int meanBytes;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

	private final AtomicInteger resets = new AtomicInteger();

	/**
	 * Open a way to a server.
	 * @param server where it leads
	 * @param meanBytes how many bytes a connection carries on average, both ways together
	 * @param seed of the random numbers
	 */
	public FlakyLink(URI server, int meanBytes, long seed) throws IOException {
		this.server = server;
		this.meanBytes = meanBytes;
		this.random = new Random(seed);
		this.entrance = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
		this.threads.execute(this::accept);
	}

	/** Return where it begins. */
	public URI uri() {
		return URI.create(this.server.getScheme() + "://127.0.0.1:" + this.entrance.getLocalPort());
	}

	/** Return how many connections were reset. */
	public int resets() {
		return this.resets.get();
	}

	private void accept() {
		try {
			while (true) {
				Socket client = this.entrance.accept();
				Connection connection = new Connection(client, budget());
				this.open.add(connection);
				connection.open();
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	/** Return an exponentially distributed number: a break is as likely at any byte. */
	private long budget() {
		return (long) (-Math.log(1 - this.random.nextDouble()) * this.meanBytes);
	}

	@Override
	public void close() throws IOException {
		this.entrance.close();
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
				// It is of no more use anyway.
			}
		}

	}

}
