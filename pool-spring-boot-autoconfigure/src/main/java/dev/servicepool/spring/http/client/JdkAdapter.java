package dev.servicepool.spring.http.client;

import java.net.URI;

import dev.servicepool.Outcome;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;

/**
 * Adapter of the JDK's HTTP client.
 */
final class JdkAdapter extends ClientAdapter {

	@Override
	public boolean endsInterruptedRequests() {
		return true;
	}

	@Override
	boolean supports(ClientHttpRequestFactoryBuilder<?> builder) {
		return builder instanceof JdkClientHttpRequestFactoryBuilder;
	}

	@Override
	boolean supports(ClientHttpRequestFactory requestFactory) {
		return requestFactory instanceof JdkClientHttpRequestFactory;
	}

	@Override
	public ServiceClients clients(ClientHttpRequestFactoryBuilder<?> builder, ServiceClientOptions options) {
		JdkClientHttpRequestFactoryBuilder own = ((JdkClientHttpRequestFactoryBuilder) builder)
			.withHttpClientCustomizer(new JdkSetup(options.pool()));
		JdkServerName serverName = new JdkServerName();
		return (settings, location, maxConcurrency) -> {
			HttpVersion version = httpVersion(location.target(), options);
			ClientHttpRequestFactory requestFactory = own
				.withHttpClientCustomizer(new JdkHttpVersion(version, settings.sslBundle()))
				.withHttpClientCustomizer(serverName.of(location))
				.build(settings);
			return new JdkServiceClient(requestFactory, (location.name() != null) ? location.authority() : null);
		};
	}

	/**
	 * The client derives {@code :authority} from the address of a request, so that only
	 * HTTP/1.1 remains. If the client followed a redirect, it would connect to the name,
	 * or send the name to another server.
	 */
	@Override
	public @Nullable String obstacleToNames(ClientHttpRequestFactoryBuilder<?> builder, ServiceClientOptions options,
			URI name) {
		boolean possible = JdkServerName.canSetHost() && httpVersion(Target.of(name), options) == HttpVersion.HTTP_1_1
				&& options.settings().redirects() == HttpRedirects.DONT_FOLLOW;
		return possible ? null
				: "the JDK's HTTP client sends requests to another address than their own only with"
						+ " HTTP/1.1 ('client.http-version: http-1-1'), without following redirects ('client.redirects:"
						+ " dont-follow'), and with the system property -D" + JdkServerName.ALLOWED_HEADERS + "=host";
	}

	/**
	 * Return the HTTP version of a target. Without TLS, the client would ask for an
	 * upgrade to HTTP/2 with its first request, and some servers lose the body of that
	 * request.
	 */
	private static @Nullable HttpVersion httpVersion(Target target, ServiceClientOptions options) {
		boolean cleartext = target.uri() != null && "http".equalsIgnoreCase(target.uri().getScheme());
		return (options.httpVersion() == null && cleartext) ? HttpVersion.HTTP_1_1 : options.httpVersion();
	}

	@Override
	ServiceClient client(ClientHttpRequestFactory requestFactory) {
		return new JdkServiceClient(requestFactory, null);
	}

	@Override
	public boolean canSetHttpVersion() {
		return true;
	}

	@Override
	public boolean acceptsZeroConnectTimeout() {
		return false;
	}

	@Override
	@Nullable Outcome classify(Throwable cause) {
		return JdkFailures.classify(cause);
	}

	@Override
	boolean isRefused(Throwable cause) {
		return JdkFailures.isRefused(cause);
	}

}
