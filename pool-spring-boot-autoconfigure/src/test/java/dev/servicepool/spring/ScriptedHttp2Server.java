package dev.servicepool.spring;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Server that speaks HTTP/2 without TLS. A test determines the frames that the server
 * sends for each request, so that it can repeat what a real server does rarely. The
 * server reads only the header of the first request of a connection, which is an HTTP/1.1
 * request.
 */
public final class ScriptedHttp2Server implements AutoCloseable {

	/** Error code of a stream that was reset before the server processed it. */
	public static final int REFUSED_STREAM = 7;

	/** Error code of an internal error of the server. */
	public static final int INTERNAL_ERROR = 2;

	private static final int DATA = 0;

	private static final int HEADERS = 1;

	private static final int RST_STREAM = 3;

	private static final int SETTINGS = 4;

	private static final int GOAWAY = 7;

	private static final int MAX_CONCURRENT_STREAMS = 3;

	private static final int END_STREAM = 1;

	private static final int ACK = 1;

	private static final int END_HEADERS = 4;

	/** Index of {@code :status: 200} in the static table. */
	private static final byte OK = (byte) 0x88;

	private final ServerSocket listener;

	private final Script script;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final AtomicInteger ended = new AtomicInteger();

	public ScriptedHttp2Server(Script script) throws IOException {
		this.script = script;
		this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.threads.execute(this::accept);
	}

	public URI uri() {
		return URI.create("http://127.0.0.1:" + this.listener.getLocalPort());
	}

	/**
	 * Return the requests received, each as the number of its connection and of its
	 * stream.
	 */
	public List<String> requests() {
		return this.requests;
	}

	/** Return the number of connections that either side has closed. */
	public int ended() {
		return this.ended.get();
	}

	/** Return the number of open connections. */
	public int connections() {
		return this.open.size();
	}

	/** Close all connections. Clients can open new connections. */
	public void closeConnections() throws IOException {
		for (Socket socket : this.open) {
			socket.close();
		}
	}

	private void accept() {
		try {
			for (int number = 1;; number++) {
				Socket socket = this.listener.accept();
				this.open.add(socket);
				Connection connection = new Connection(socket, number);
				this.threads.execute(connection::serve);
			}
		}
		catch (IOException ex) {
			// The server is closed.
		}
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		closeConnections();
		this.threads.shutdownNow();
	}

	/** Responds to requests. */
	public interface Script {

		/**
		 * Respond to a request that was received completely.
		 * @param connection the connection of the request
		 * @param stream the stream of the request, 1 for the first request of the
		 * connection
		 * @throws IOException if the connection fails
		 */
		void respond(Connection connection, int stream) throws IOException;

	}

	/** Connection of a client. */
	public final class Connection {

		private final Socket socket;

		private final int number;

		private final DataInputStream in;

		Connection(Socket socket, int number) throws IOException {
			this.socket = socket;
			this.number = number;
			this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
		}

		/** Return the number of the connection, in the order of connecting. */
		public int number() {
			return this.number;
		}

		/** Send a successful response without a body. */
		public void ok(int stream) throws IOException {
			send(HEADERS, END_HEADERS | END_STREAM, stream, new byte[] { OK });
		}

		/** Send the beginning of a successful response, but not its end. */
		public void begin(int stream, String body) throws IOException {
			send(HEADERS, END_HEADERS, stream, new byte[] { OK });
			send(DATA, 0, stream, body.getBytes(StandardCharsets.US_ASCII));
		}

		/** Send a redirect with status 303. */
		public void seeOther(int stream, URI location) throws IOException {
			byte[] status = "303".getBytes(StandardCharsets.US_ASCII);
			byte[] value = location.toString().getBytes(StandardCharsets.US_ASCII);
			ByteBuffer block = ByteBuffer.allocate(status.length + value.length + 5);
			// Use literal fields with names of the static table: 8 is :status, 46
			// location.
			block.put((byte) 8).put((byte) status.length).put(status);
			block.put((byte) 0x0F).put((byte) (46 - 15)).put((byte) value.length).put(value);
			send(HEADERS, END_HEADERS | END_STREAM, stream, block.array());
		}

		/** Reset a stream. */
		public void reset(int stream, int code) throws IOException {
			send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
		}

		/**
		 * Announce that the server does not process requests after a stream, and accepts
		 * no new requests.
		 */
		public void goAway(int lastStream) throws IOException {
			send(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(lastStream).array());
		}

		/** Set the maximum number of concurrent requests. */
		public void allow(int streams) throws IOException {
			send(SETTINGS, 0, 0,
					ByteBuffer.allocate(6).putShort((short) MAX_CONCURRENT_STREAMS).putInt(streams).array());
		}

		/** End the output, and wait until the client closes the connection. */
		public void finish() throws IOException {
			this.socket.shutdownOutput();
		}

		/** Close the connection. */
		public void close() throws IOException {
			this.socket.close();
		}

		private synchronized void send(int type, int flags, int stream, byte[] payload) throws IOException {
			ByteArrayOutputStream frame = new ByteArrayOutputStream();
			DataOutputStream out = new DataOutputStream(frame);
			out.writeByte(payload.length >> 16);
			out.writeShort(payload.length);
			out.writeByte(type);
			out.writeByte(flags);
			out.writeInt(stream);
			out.write(payload);
			this.socket.getOutputStream().write(frame.toByteArray());
		}

		private void serve() {
			try (this.socket) {
				readUpgrade();
				this.socket.getOutputStream()
					.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
						.getBytes(StandardCharsets.US_ASCII));
				send(SETTINGS, 0, 0, new byte[0]);
				this.in.readNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
				respond(1);
				while (true) {
					readFrame();
				}
			}
			catch (IOException ex) {
				ScriptedHttp2Server.this.ended.incrementAndGet();
			}
			finally {
				ScriptedHttp2Server.this.open.remove(this.socket);
			}
		}

		private void readUpgrade() throws IOException {
			int length = 0;
			for (String line = readLine(); !line.isEmpty(); line = readLine()) {
				if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
					length = Integer.parseInt(line.substring(line.indexOf(':') + 1).trim());
				}
			}
			this.in.readNBytes(length);
		}

		private String readLine() throws IOException {
			StringBuilder line = new StringBuilder();
			for (char c = (char) this.in.readUnsignedByte(); c != '\n'; c = (char) this.in.readUnsignedByte()) {
				line.append(c);
			}
			return line.toString().trim();
		}

		private void readFrame() throws IOException {
			int length = (this.in.readUnsignedByte() << 16) | this.in.readUnsignedShort();
			int type = this.in.readUnsignedByte();
			int flags = this.in.readUnsignedByte();
			int stream = this.in.readInt();
			this.in.readNBytes(length);
			if (type == SETTINGS && (flags & ACK) == 0) {
				send(SETTINGS, ACK, 0, new byte[0]);
			}
			if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
				respond(stream);
			}
		}

		private void respond(int stream) throws IOException {
			ScriptedHttp2Server.this.requests.add(this.number + "/" + stream);
			ScriptedHttp2Server.this.script.respond(this, stream);
		}

	}

}
