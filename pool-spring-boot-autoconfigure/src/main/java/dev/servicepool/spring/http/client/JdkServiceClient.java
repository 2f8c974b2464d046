package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;

import dev.servicepool.Outcome;
import dev.servicepool.Ticker;
import org.jspecify.annotations.Nullable;

import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * JDK client of one service. Its request factory neither exposes nor closes the client.
 */
final class JdkServiceClient extends ServiceClient {

	/**
	 * Number of bytes that a client may send over HTTP/1.1 without harm before it has
	 * read an early response.
	 */
	private static final int HTTP_1_HEAD_START = 64 << 10;

	/**
	 * The same number for HTTP/2, where a server initially accepts less than 64 KiB. If
	 * more data arrives for a request that has ended, Tomcat closes the connection.
	 */
	private static final int HTTP_2_HEAD_START = 8 << 10;

	private static final Ticker ticker = Ticker.system();

	private final JdkProtocol protocol;

	/** The redirects that the client has received, if they are known. */
	private final @Nullable JdkRedirects redirects;

	private final @Nullable Duration readTimeout;

	private final @Nullable String hostHeader;

	/**
	 * Create an instance.
	 * @param requestFactory the request factory
	 * @param hostHeader the header {@code Host} of all requests; {@code null} if the
	 * client derives it from their addresses
	 */
	JdkServiceClient(ClientHttpRequestFactory requestFactory, @Nullable String hostHeader) {
		super(requestFactory, Cancellation.CLOSE_BODY);
		this.hostHeader = hostHeader;
		HttpClient client = (HttpClient) Undocumented.client(requestFactory);
		this.protocol = new JdkProtocol(client != null && client.version() == HttpClient.Version.HTTP_1_1);
		this.redirects = (client != null) ? JdkRedirects.of(client) : null;
		this.readTimeout = Undocumented.readTimeout(requestFactory);
	}

	@Override
	ClientHttpResponse begin(Exchange exchange, @Nullable Duration readTimeout) throws IOException {
		ClientHttpRequestFactory requestFactory = requestFactory(readTimeout);
		long sentAt = ticker.nanos();
		ClientHttpResponse response = send(exchange, requestFactory);
		return JdkReadTimeout.inTime(response, ticker.nanos() - sentAt,
				(readTimeout != null) ? readTimeout : this.readTimeout);
	}

	/**
	 * Send a request. If it cannot be sent and the client has received no redirect
	 * meanwhile, it is the request itself that was not processed.
	 */
	private ClientHttpResponse send(Exchange exchange, ClientHttpRequestFactory requestFactory) throws IOException {
		int before = (this.redirects != null) ? this.redirects.count() : 0;
		try {
			return this.protocol.send(exchange, requestFactory);
		}
		catch (IOException ex) {
			if (this.redirects != null && this.redirects.count() == before
					&& ClientFailures.classify(ex) == Outcome.NOT_SENT) {
				exchange.notProcessed();
			}
			throw ex;
		}
	}

	/**
	 * Return a body during which the client can read an early response, because the
	 * client loses it otherwise.
	 */
	@Override
	public StreamingHttpOutputMessage.Body body(StreamingHttpOutputMessage.Body body) {
		return new YieldingBody(body, this.protocol.mayBeHttp2() ? HTTP_2_HEAD_START : HTTP_1_HEAD_START);
	}

	@Override
	public @Nullable String hostHeader() {
		return this.hostHeader;
	}

	@Override
	public @Nullable String protocol() {
		return this.protocol.name();
	}

	@Override
	public boolean sharesConnection() {
		return this.protocol.mayBeHttp2();
	}

	/**
	 * Close the client, which is possible since Java 21, and its own threads. Before Java
	 * 21, the client is garbage collected later. The thread is interrupted, so that
	 * closing does not wait for data that the server may still send.
	 */
	@Override
	void closeHidden(ClientHttpRequestFactory requestFactory) throws Exception {
		if (!(Undocumented.client(requestFactory) instanceof HttpClient client)) {
			return;
		}
		boolean interrupted = Thread.interrupted();
		Thread.currentThread().interrupt();
		try {
			if (client instanceof AutoCloseable closeable) {
				closeable.close();
			}
		}
		finally {
			if (!interrupted) {
				Thread.interrupted();
			}
			if (client.executor().orElse(null) instanceof ClientThreads threads) {
				threads.close();
			}
		}
	}

}
