package dev.servicepool.spring.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link RoutedRequest}.
 */
class RoutedRequestTests {

	private static final StreamingHttpOutputMessage.Body NOTHING = (output) -> {
	};

	private final MockClientHttpRequest sent = new MockClientHttpRequest();

	private final RoutedRequest request;

	RoutedRequestTests() throws Exception {
		this.sent.setResponse(new MockClientHttpResponse());
		this.request = (RoutedRequest) new RoutingClientHttpRequestFactory((uri, method) -> this.sent)
			.createRequest(URI.create("http://quotes/"), HttpMethod.POST);
	}

	@Test
	void headerNamesAreCaseInsensitive() throws Exception {
		HttpHeaders headers = this.request.getHeaders();
		headers.add("Symbol", "ACME");
		headers.add("SYMBOL", "EMCA");
		headers.add("side", "buy");
		assertThat(headers.get("symbol")).containsExactly("ACME", "EMCA");
		List<String> visited = new ArrayList<>();
		headers.forEach((name, values) -> visited.add(name + values));
		assertThat(visited).containsExactly("Symbol[ACME, EMCA]", "side[buy]");
		this.request.execute();
		assertThat(this.sent.getHeaders().headerSet()).hasSize(2);
		assertThat(this.sent.getHeaders().get("Symbol")).containsExactly("ACME", "EMCA");
	}

	@Test
	void clientReceivesCopyOfHeaders() throws Exception {
		this.request.getHeaders().add("Symbol", "ACME");
		this.request.execute();
		this.sent.getHeaders().add("Symbol", "EMCA");
		assertThat(this.request.getHeaders().get("Symbol")).containsExactly("ACME");
	}

	@Test
	void headersAreReadOnlyAfterExecution() throws Exception {
		this.request.getHeaders().add("Symbol", "ACME");
		this.request.execute();
		HttpHeaders headers = this.request.getHeaders();
		assertThat(headers.getFirst("Symbol")).isEqualTo("ACME");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> headers.set("Symbol", "X"));
	}

	@Test
	void secondExecutionIsRejected() throws Exception {
		this.request.execute();
		assertThatIllegalStateException().isThrownBy(this.request::execute)
			.withMessageContaining("was already executed");
	}

	@Test
	void bodyIsEitherSetOrWritten() throws Exception {
		this.request.getBody().write(1);
		assertThatIllegalStateException().isThrownBy(() -> this.request.setBody(NOTHING));
		ClientHttpRequest other = new RoutingClientHttpRequestFactory((uri, method) -> this.sent)
			.createRequest(URI.create("http://quotes/"), HttpMethod.POST);
		((StreamingHttpOutputMessage) other).setBody(NOTHING);
		assertThatIllegalStateException().isThrownBy(other::getBody);
	}

}
