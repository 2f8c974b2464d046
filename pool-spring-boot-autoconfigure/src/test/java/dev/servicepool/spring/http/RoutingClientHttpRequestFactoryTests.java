package dev.servicepool.spring.http;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RoutingClientHttpRequestFactory} with requests that carry no lease.
 */
class RoutingClientHttpRequestFactoryTests {

	private final RoutingClientHttpRequestFactory factory = new RoutingClientHttpRequestFactory(
			new JdkClientHttpRequestFactory());

	@Test
	void delegateIsClosedWhenFactoryIsDestroyed() throws Exception {
		boolean[] closed = new boolean[1];
		class Closeable extends JdkClientHttpRequestFactory implements AutoCloseable {

			@Override
			public void close() {
				closed[0] = true;
			}

		}
		new RoutingClientHttpRequestFactory(new Closeable()).destroy();
		assertThat(closed[0]).isTrue();
		this.factory.destroy();
	}

	@Test
	void bodyIsStreamedWithoutBuffering() throws Exception {
		CountDownLatch firstReceived = new CountDownLatch(1);
		ByteArrayOutputStream received = new ByteArrayOutputStream();
		try (Server server = Server.http1().start((request, response) -> {
			received.write(request.getInputStream().read());
			firstReceived.countDown();
			request.getInputStream().transferTo(received);
			Handler.respond(request, response, 200, "ok");
		})) {
			StreamingHttpOutputMessage.Body body = (output) -> {
				output.write('A');
				output.flush();
				// If the body were buffered, this would time out and write X.
				output.write(await(firstReceived) ? 'B' : 'X');
			};
			String response = RestClient.builder()
				.requestFactory(this.factory)
				.build()
				.post()
				.uri(server.uri())
				.body(body)
				.retrieve()
				.body(String.class);
			assertThat(response).isEqualTo("ok");
			assertThat(received).hasToString("AB");
			assertThat(server.onlyRequest().header("Transfer-Encoding")).isEqualTo("chunked");
		}
	}

	@Test
	void requestIsForwardedCompletely() throws Exception {
		try (Server server = Server.http1().start((request, response) -> {
			String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			Handler.respond(request, response, 200, body + "!");
		})) {
			ClientHttpRequest request = this.factory.createRequest(URI.create(server.uri() + "/a%2Fb?q=1+1"),
					HttpMethod.PUT);
			assertThat(request.getMethod()).isEqualTo(HttpMethod.PUT);
			assertThat(request.getURI()).hasPath("/a/b");
			request.getHeaders().add(HttpHeaders.AUTHORIZATION, "Bearer 1");
			OutputStream body = request.getBody();
			body.write("ACME".getBytes(StandardCharsets.UTF_8));
			try (ClientHttpResponse response = request.execute()) {
				assertThat(response.getBody()).hasContent("ACME!");
			}
			assertThat(server.onlyRequest().method()).isEqualTo("PUT");
			assertThat(server.onlyRequest().uri()).isEqualTo("/a%2Fb?q=1+1");
			assertThat(server.onlyRequest().header("Authorization")).isEqualTo("Bearer 1");
		}
	}

	@Test
	void attributesAndSameBodyAreForwarded() throws Exception {
		StreamingRequest delegate = new StreamingRequest();
		ClientHttpRequest request = new RoutingClientHttpRequestFactory((uri, method) -> delegate)
			.createRequest(URI.create("http://quotes/"), HttpMethod.POST);
		StreamingHttpOutputMessage.Body body = (output) -> output.write(1);
		request.getAttributes().put("noted", "by an interceptor");
		((StreamingHttpOutputMessage) request).setBody(body);
		assertThat(request.execute()).isSameAs(delegate.response);
		assertThat(delegate.getAttributes()).containsEntry("noted", "by an interceptor");
		assertThat(delegate.body).isSameAs(body);
	}

	@Test
	void exceptionOfDelegateIsPropagated() throws Exception {
		ClientHttpRequest request = this.factory.createRequest(Server.unreachable(), HttpMethod.GET);
		assertThatExceptionOfType(ConnectException.class).isThrownBy(request::execute);
	}

	private static boolean await(CountDownLatch latch) {
		try {
			return latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private static final class StreamingRequest extends MockClientHttpRequest implements StreamingHttpOutputMessage {

		private final ClientHttpResponse response = new MockClientHttpResponse();

		private StreamingHttpOutputMessage.Body body = (output) -> {
		};

		StreamingRequest() {
			setResponse(this.response);
		}

		@Override
		public void setBody(Body body) {
			this.body = body;
		}

	}

}
