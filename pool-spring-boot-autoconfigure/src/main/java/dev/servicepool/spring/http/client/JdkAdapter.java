package dev.servicepool.spring.http.client;

import dev.servicepool.Outcome;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;

/**
 * Adapter of the JDK's HTTP client.
 */
final class JdkAdapter extends ClientAdapter {

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
		HttpClientSettings settings = options.settings();
		JdkClientHttpRequestFactoryBuilder own = ((JdkClientHttpRequestFactoryBuilder) builder)
			.withHttpClientCustomizer(new JdkHttpVersion(options.httpVersion(), settings.sslBundle()))
			.withHttpClientCustomizer(new JdkThreads(options.pool()))
			.withHttpClientCustomizer(new JdkCookies(settings.cookieHandling()));
		return (maxConcurrency) -> client(own.build(settings));
	}

	@Override
	ServiceClient client(ClientHttpRequestFactory requestFactory) {
		return new JdkServiceClient(requestFactory);
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
