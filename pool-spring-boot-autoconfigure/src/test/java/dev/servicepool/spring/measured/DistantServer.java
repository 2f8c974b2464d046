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
 * Proxy that simulates a distant server. It delays each byte by half of the round trip in
 * both directions, and can stall a connection. It neither loses bytes nor limits the
 * bandwidth.
 */
final class DistantServer implements AutoCloseable {

	private final ServerSocket listener;

	private final URI server;

	private final Duration oneWay;

	/** Connections in the order of opening. Used by any thread. */
	private final List<DistantConnection> connections = new CopyOnWriteArrayList<>();

	DistantServer(URI server, Duration roundTrip) throws IOException {
		this.server = server;
		this.oneWay = roundTrip.dividedBy(2);
		this.listener = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
		DistantConnection.start("listener", this::accept);
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket client = this.listener.accept();
				Socket server = new Socket(this.server.getHost(), this.server.getPort());
				this.connections.add(new DistantConnection(client, server, this.oneWay));
			}
			catch (IOException ex) {
				// The proxy is closed, or the client closed the connection.
			}
		}
	}

	URI uri() {
		return URI.create(this.server.getScheme() + "://127.0.0.1:" + this.listener.getLocalPort());
	}

	/** Return the number of connections that were opened. */
	int opened() {
		return this.connections.size();
	}

	/** Return the number of open connections. */
	int open() {
		return (int) this.connections.stream().filter(DistantConnection::isOpen).count();
	}

	/** Stall the oldest open connection for some time. */
	void stallOne(Duration time) {
		this.connections.stream().filter(DistantConnection::isOpen).findFirst().orElseThrow().stall(time);
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		this.connections.forEach(DistantConnection::close);
	}

}
