package dev.servicepool.spring.measured;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The way to a server that is far from here: a proxy on this machine that passes on each
 * byte after half of the round trip, in either direction, and can stall a connection. It
 * loses nothing and limits no bandwidth.
 */
final class DistantServer implements AutoCloseable {

	private final ServerSocket entry;

	private final URI server;

	private final Duration oneWay;

	/** In the order in which they were opened. Any thread. */
	private final List<DistantConnection> connections = new CopyOnWriteArrayList<>();

	DistantServer(URI server, Duration roundTrip) throws IOException {
		this.server = server;
		this.oneWay = roundTrip.dividedBy(2);
		this.entry = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
		DistantConnection.start("entry", this::accept);
	}

	private void accept() {
		while (!this.entry.isClosed()) {
			try {
				Socket client = this.entry.accept();
				Socket server = new Socket(this.server.getHost(), this.server.getPort());
				this.connections.add(new DistantConnection(client, server, this.oneWay));
			}
			catch (IOException ex) {
				// Closed, or a client that has gone already.
			}
		}
	}

	URI uri() {
		return URI.create(this.server.getScheme() + "://127.0.0.1:" + this.entry.getLocalPort());
	}

	/** Return how many connections have been opened. */
	int opened() {
		return this.connections.size();
	}

	/** Return how many connections are open. */
	int open() {
		return (int) this.connections.stream().filter(DistantConnection::isOpen).count();
	}

	/** Let nothing pass on the oldest open connection for some time. */
	void stallOne(Duration time) {
		this.connections.stream().filter(DistantConnection::isOpen).findFirst().orElseThrow().stall(time);
	}

	@Override
	public void close() throws IOException {
		this.entry.close();
		this.connections.forEach(DistantConnection::close);
	}

}
