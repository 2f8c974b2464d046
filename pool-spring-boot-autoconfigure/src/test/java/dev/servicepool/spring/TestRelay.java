package dev.servicepool.spring;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * TCP proxy on a local port whose destination can change.
 */
public final class TestRelay implements AutoCloseable {

	private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile int destination;

	/**
	 * Start a relay.
	 * @param first the port of the first destination
	 * @throws IOException if the relay cannot listen
	 */
	public TestRelay(int first) throws IOException {
		this.destination = first;
		this.threads.execute(this::accept);
	}

	/** Set the port of the destination for new connections. */
	public void switchTo(int port) {
		this.destination = port;
	}

	public int port() {
		return this.listener.getLocalPort();
	}

	private void accept() {
		try {
			while (true) {
				Socket client = opened(this.listener.accept());
				Socket server = opened(new Socket(InetAddress.getLoopbackAddress(), this.destination));
				this.threads.execute(() -> pump(client, server));
				this.threads.execute(() -> pump(server, client));
			}
		}
		catch (IOException ex) {
			// The relay is closed.
		}
	}

	private Socket opened(Socket socket) {
		this.sockets.add(socket);
		return socket;
	}

	private void pump(Socket from, Socket to) {
		try (from; to; InputStream input = from.getInputStream()) {
			input.transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// Ignore the failure, because one side has closed the connection.
		}
		finally {
			this.sockets.remove(from);
		}
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
		this.threads.shutdownNow();
	}

}
