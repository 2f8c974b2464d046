package dev.servicepool.spring.measured;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Connection through a proxy that forwards bytes with a delay.
 */
final class DistantConnection {

	private static final int CHUNK = 65536;

	/** Maximum number of pieces in transit, in one direction. */
	private static final int PIECES = 1024;

	private final Socket client;

	private final Socket server;

	private final long oneWayNanos;

	/** Time before which nothing is forwarded. Used by any thread. */
	private volatile long stalledUntil = System.nanoTime();

	DistantConnection(Socket client, Socket server, Duration oneWay) throws IOException {
		this.client = client;
		this.server = server;
		this.oneWayNanos = oneWay.toNanos();
		connect(client, server);
		connect(server, client);
	}

	private void connect(Socket from, Socket to) throws IOException {
		to.setTcpNoDelay(true);
		if (this.oneWayNanos == 0) {
			start("direct", () -> receive(from, (piece) -> forward(piece, to)));
			return;
		}
		BlockingQueue<Piece> queue = new ArrayBlockingQueue<>(PIECES);
		start("in", () -> receive(from, queue::put));
		start("out", () -> forward(queue, to));
	}

	static void start(String name, Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, "distance-" + name);
		thread.setDaemon(true);
		thread.start();
	}

	private void receive(Socket from, Receiver receiver) throws InterruptedException {
		byte[] buffer = new byte[CHUNK];
		try {
			InputStream in = from.getInputStream();
			for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
				receiver.accept(new Piece(Arrays.copyOf(buffer, length), System.nanoTime() + this.oneWayNanos));
			}
		}
		catch (IOException ex) {
			// Treat the failure like the end of the stream.
		}
		receiver.accept(new Piece(new byte[0], System.nanoTime() + this.oneWayNanos));
	}

	private void forward(BlockingQueue<Piece> queue, Socket to) throws InterruptedException {
		Piece piece;
		do {
			piece = queue.take();
			forward(piece, to);
		}
		while (!piece.isLast());
	}

	private void forward(Piece piece, Socket to) throws InterruptedException {
		waitUntil(piece.due);
		try {
			to.getOutputStream().write(piece.bytes);
		}
		catch (IOException ex) {
			// The receiver closed the connection. Discard the pieces in transit.
			close();
		}
		if (piece.isLast()) {
			close();
		}
	}

	private void waitUntil(long due) throws InterruptedException {
		long left = due - System.nanoTime();
		while (left > 0) {
			TimeUnit.NANOSECONDS.sleep(left);
			left = due - System.nanoTime();
		}
		long stalled = this.stalledUntil - System.nanoTime();
		if (stalled > 0) {
			waitUntil(this.stalledUntil);
		}
	}

	void stall(Duration time) {
		this.stalledUntil = System.nanoTime() + time.toNanos();
	}

	boolean isOpen() {
		return !this.client.isClosed() && !this.server.isClosed();
	}

	void close() {
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

	/** Task of a thread. */
	interface Work {

		void run() throws InterruptedException;

	}

	/** Receiver of pieces. */
	private interface Receiver {

		void accept(Piece piece) throws InterruptedException;

	}

	/** Bytes to forward. An empty piece marks the end of the stream. */
	private record Piece(byte[] bytes, long due) {

		boolean isLast() {
			return this.bytes.length == 0;
		}

	}

}
