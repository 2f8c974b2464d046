package dev.servicepool.compatibility;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the end of requests over HTTP/2 with Jetty's client. The server responds with
 * the length of the body, and whether the last frame with data has ended the request.
 */
@Tag("slow")
@Timeout(60)
class JettyRequestBodyTests {

	private final Server server = new Server();

	private final ServerConnector connector = new ServerConnector(this.server,
			new HTTP2CServerConnectionFactory(new HttpConfiguration()));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
				RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class))
		.withUserConfiguration(JettyHttp2Tests.WithoutTls.class)
		.withPropertyValues("spring.http.clients.imperative.factory=jetty", "spring.http.clients.read-timeout=30s");

	@BeforeEach
	void start() throws Exception {
		this.connector.setHost("127.0.0.1");
		this.server.addConnector(this.connector);
		this.server.setHandler(new Handler.Abstract() {

			@Override
			public boolean handle(Request request, Response response, Callback callback) {
				new BodyReader(request, response, callback).run();
				return true;
			}

		});
		this.server.start();
	}

	@AfterEach
	void stop() throws Exception {
		this.server.stop();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 8_192, 1_000_000 })
	void requestEndsWithLastByteOfAnnouncedLength(int length) {
		run((client) -> assertThat(client.post().uri("/").body(new byte[length]).retrieve().requiredBody(String.class))
			.isEqualTo(length + " bytes, ended by data"));
	}

	@Test
	void bodyWithoutAnnouncedLengthIsComplete() {
		run((client) -> assertThat(client.post().uri("/").body((output) -> {
			output.write(new byte[1_000]);
			output.flush();
			output.write(new byte[1_000]);
		}).retrieve().requiredBody(String.class)).startsWith("2000 bytes"));
	}

	@Test
	void bodyLongerThanAnnouncedFails() {
		run((client) -> assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> client.post().uri("/").contentLength(1_000).body((output) -> {
				output.write(new byte[1_000]);
				output.flush();
				output.write(new byte[1]);
			}).retrieve().toBodilessEntity())
			.withStackTraceContaining("longer than its Content-Length of 1000 bytes"));
	}

	@Test
	void requestWithoutBodyEnds() {
		run((client) -> assertThat(client.post().uri("/").retrieve().requiredBody(String.class)).isEqualTo("0 bytes"));
	}

	private void run(Consumer<RestClient> test) {
		String uri = "http://127.0.0.1:" + this.connector.getLocalPort();
		this.runner.withPropertyValues("pool.instances.orders.targets=" + uri)
			.run((context) -> test.accept(context.getBean(RestClient.Builder.class).baseUrl(uri).build()));
	}

	/** Reads the body of one request. */
	private record BodyReader(Request request, Response response, Callback callback,
			AtomicInteger length) implements Runnable {

		BodyReader(Request request, Response response, Callback callback) {
			this(request, response, callback, new AtomicInteger());
		}

		@Override
		public void run() {
			for (Content.Chunk chunk = this.request.read(); chunk != null; chunk = this.request.read()) {
				if (Content.Chunk.isFailure(chunk)) {
					this.callback.failed(chunk.getFailure());
					return;
				}
				int bytes = chunk.remaining();
				boolean last = chunk.isLast();
				chunk.release();
				this.length.addAndGet(bytes);
				if (last) {
					String end = (bytes > 0) ? ", ended by data" : "";
					this.response.write(true,
							BufferUtil.toBuffer(this.length + " bytes" + end, StandardCharsets.US_ASCII),
							this.callback);
					return;
				}
			}
			this.request.demand(this);
		}

	}

}
