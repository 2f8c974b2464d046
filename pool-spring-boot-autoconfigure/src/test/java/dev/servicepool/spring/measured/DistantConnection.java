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
 * One connection by way of a proxy: what comes in is passed on when it is due.
 */
final class DistantConnection {

	private static final int CHUNK = 65536;

	/** How many pieces can be on their way, in one direction. */
	private static final int PIECES = 1024;

	private final Socket client;

	private final Socket server;

	private final long oneWayNanos;

	/** Nothing passes before this. Any thread. */
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
			start("way", () -> takeIn(from, (piece) -> passOn(piece, to)));
			return;
		}
		BlockingQueue<Piece> way = new ArrayBlockingQueue<>(PIECES);
		start("in", () -> takeIn(from, way::put));
		start("out", () -> passOn(way, to));
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

	private void takeIn(Socket from, Way way) throws InterruptedException {
		byte[] buffer = new byte[CHUNK];
		try {
			InputStream in = from.getInputStream();
			for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
				way.accept(new Piece(Arrays.copyOf(buffer, length), System.nanoTime() + this.oneWayNanos));
			}
		}
		catch (IOException ex) {
			// Ends as if the sender had closed.
		}
		way.accept(new Piece(new byte[0], System.nanoTime() + this.oneWayNanos));
	}

	private void passOn(BlockingQueue<Piece> way, Socket to) throws InterruptedException {
		Piece piece;
		do {
			piece = way.take();
			passOn(piece, to);
		}
		while (!piece.isLast());
	}

	private void passOn(Piece piece, Socket to) throws InterruptedException {
		waitUntil(piece.due);
		try {
			to.getOutputStream().write(piece.bytes);
		}
		catch (IOException ex) {
			// The receiver has gone; what is still on its way is lost.
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
			// Nothing can be done about it.
		}
	}

	/** What a thread does. */
	interface Work {

		void run() throws InterruptedException;

	}

	/** Where pieces go. */
	private interface Way {

		void accept(Piece piece) throws InterruptedException;

	}

	/** Some bytes; none at the end of all. */
	private record Piece(byte[] bytes, long due) {

		boolean isLast() {
			return this.bytes.length == 0;
		}

	}

}
