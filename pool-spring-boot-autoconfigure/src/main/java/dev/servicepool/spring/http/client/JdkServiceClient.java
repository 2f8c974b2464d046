package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;

import dev.servicepool.Ticker;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * JDK client of one service. Its request factory neither exposes nor closes the client.
 */
final class JdkServiceClient extends ServiceClient {

	private static final Ticker ticker = Ticker.system();

	private final JdkProtocol protocol;

	private final @Nullable Duration readTimeout;

	JdkServiceClient(ClientHttpRequestFactory requestFactory) {
		super(requestFactory);
		boolean http1 = Undocumented.client(requestFactory) instanceof HttpClient client
				&& client.version() == HttpClient.Version.HTTP_1_1;
		this.protocol = new JdkProtocol(http1);
		this.readTimeout = Undocumented.readTimeout(requestFactory);
	}

	@Override
	public ClientHttpResponse send(Exchange exchange, @Nullable Duration readTimeout) throws IOException {
		ClientHttpRequestFactory requestFactory = requestFactory(readTimeout);
		long sentAt = ticker.nanos();
		ClientHttpResponse response = this.protocol.send(exchange, requestFactory);
		return JdkReadTimeout.inTime(response, ticker.nanos() - sentAt,
				(readTimeout != null) ? readTimeout : this.readTimeout);
	}

	@Override
	public @Nullable String protocol() {
		return this.protocol.name();
	}

	@Override
	public boolean sharesConnection() {
		return this.protocol.isHttp2();
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
