package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import dev.servicepool.Pool;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PassedOnRequest}.
 */
class PassedOnRequestTests {

	private static final URI WITHOUT_POOL = URI.create("http://other/quotes");

	private final StreamingRequest streaming = new StreamingRequest();

	private final MockClientHttpRequest buffering = new MockClientHttpRequest(HttpMethod.POST, WITHOUT_POOL);

	PassedOnRequestTests() {
		this.buffering.setResponse(new MockClientHttpResponse());
	}

	@Test
	void requestDelegatesToRequestOfClient() throws Exception {
		ClientHttpRequest request = create(this.streaming);
		assertThat(request.getHeaders()).isSameAs(this.streaming.getHeaders());
		assertThat(request.getAttributes()).isSameAs(this.streaming.getAttributes());
		assertThat(request.getMethod()).isEqualTo(HttpMethod.POST);
		assertThat(request.getURI()).isEqualTo(WITHOUT_POOL);
		assertThat(request.execute()).isSameAs(this.streaming.response);
		assertThat(this.streaming.body).as("body").isNull();
	}

	@Test
	void bodyIsStreamedWhenClientStreams() throws Exception {
		StreamingHttpOutputMessage.Body body = (output) -> output.write(1);
		ClientHttpRequest request = create(this.streaming);
		((StreamingHttpOutputMessage) request).setBody(body);
		request.execute();
		assertThat(this.streaming.body).isSameAs(body);
	}

	@Test
	void bodyIsWrittenWhenClientBuffers() throws Exception {
		ClientHttpRequest request = create(this.buffering);
		((StreamingHttpOutputMessage) request)
			.setBody((output) -> output.write("ACME".getBytes(StandardCharsets.UTF_8)));
		request.execute();
		assertThat(this.buffering.getBodyAsString()).isEqualTo("ACME");
	}

	@Test
	void writtenBodyIsSentWhenRequestIsExecuted() throws Exception {
		ClientHttpRequest request = create(this.buffering);
		request.getBody().write("AC".getBytes(StandardCharsets.UTF_8));
		request.getBody().write("ME".getBytes(StandardCharsets.UTF_8));
		request.execute();
		assertThat(this.buffering.getBodyAsString()).isEqualTo("ACME");
	}

	@Test
	void leasedServiceSendsRequestThatCarriesLease() throws Exception {
		try (Pool<HttpCall, ClientHttpResponse> pool = Pool.builder()
			.targets(Target.of("leased"))
			.build((target) -> PassedOnRequestTests::echo)) {
			String response = RestClient.builder()
				.requestFactory(factory(this.streaming))
				.requestInterceptor(new PooledClientHttpRequestInterceptor(() -> pool))
				.build()
				.post()
				.uri(WITHOUT_POOL)
				.header("Symbol", "ACME")
				.body("one share")
				.retrieve()
				.body(String.class);
			assertThat(response).isEqualTo("POST ACME one share");
			assertThat(this.streaming.isExecuted()).isFalse();
		}
	}

	@Test
	void leasedServiceReceivesReadTimeoutOfClient() throws Exception {
		AtomicReference<@Nullable Duration> timeout = new AtomicReference<>();
		try (Pool<HttpCall, ClientHttpResponse> pool = Pool.builder()
			.targets(Target.of("leased"))
			.build((target) -> (call) -> {
				timeout.set(call.readTimeout());
				return new MockClientHttpResponse();
			})) {
			RequestRouter router = new RequestRouter() {

				@Override
				public @Nullable Pool<HttpCall, ClientHttpResponse> pool(URI uri) {
					return null;
				}

				@Override
				public Duration readTimeout() {
					return Duration.ofSeconds(2);
				}

			};
			RestClient.builder()
				.requestFactory(new RoutingClientHttpRequestFactory((uri, method) -> this.streaming, router))
				.requestInterceptor(new PooledClientHttpRequestInterceptor(() -> pool))
				.build()
				.get()
				.uri(WITHOUT_POOL)
				.retrieve()
				.toBodilessEntity();
			assertThat(timeout).hasValue(Duration.ofSeconds(2));
		}
	}

	private static ClientHttpResponse echo(HttpCall call) throws IOException {
		MockClientHttpRequest received = new MockClientHttpRequest();
		assertThat(call.body()).isNotNull();
		call.body().writeTo(received.getBody());
		String response = call.method() + " " + call.headers().getFirst("Symbol") + " " + received.getBodyAsString();
		return new MockClientHttpResponse(response.getBytes(StandardCharsets.UTF_8), 200);
	}

	private static ClientHttpRequest create(ClientHttpRequest request) throws IOException {
		return factory(request).createRequest(WITHOUT_POOL, HttpMethod.POST);
	}

	private static RoutingClientHttpRequestFactory factory(ClientHttpRequest request) {
		return new RoutingClientHttpRequestFactory((uri, method) -> request, (uri) -> null);
	}

	private static final class StreamingRequest extends MockClientHttpRequest implements StreamingHttpOutputMessage {

		private final ClientHttpResponse response = new MockClientHttpResponse();

		private @Nullable Body body;

		StreamingRequest() {
			super(HttpMethod.POST, WITHOUT_POOL);
			setResponse(this.response);
		}

		@Override
		public void setBody(Body body) {
			this.body = body;
		}

	}

}
