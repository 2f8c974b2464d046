package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;

import dev.servicepool.Target;
import dev.servicepool.spring.http.Origin;

import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.support.HttpRequestWrapper;
import org.springframework.web.client.RestClient;

/**
 * {@link RestClientPools} for disabled pools. Requests are sent to the configured
 * address, or to the first target. Without either, they are sent to their own address.
 */
final class PlainRestClients implements RestClientPools {

	private final PoolProperties properties;

	PlainRestClients(PoolProperties properties) {
		this.properties = properties;
	}

	@Override
	public Consumer<RestClient.Builder> fromPool(String name) {
		ClientHttpRequestInterceptor interceptor = interceptor(name);
		return (builder) -> builder.requestInterceptor(interceptor);
	}

	@Override
	public ClientHttpRequestInterceptor interceptor(String name) {
		LayeredOptions options = new LayeredOptions(name, this.properties);
		PoolKind kind = new HttpPoolKind();
		List<Target> targets = options.targets(kind);
		URI url = options.hasUrl() || targets.isEmpty() ? options.url(kind) : targets.get(0).uri();
		if (url == null) {
			return (request, body, execution) -> execution.execute(request, body);
		}
		Origin origin = Origin.of(url);
		return (request, body, execution) -> execution.execute(new MovedRequest(request, origin), body);
	}

	/**
	 * Request that is moved to another origin.
	 */
	private static final class MovedRequest extends HttpRequestWrapper {

		private final URI uri;

		MovedRequest(HttpRequest request, Origin origin) {
			super(request);
			this.uri = origin.move(request.getURI());
		}

		@Override
		public URI getURI() {
			return this.uri;
		}

	}

}
