package dev.servicepool.compatibility.matrix;

import java.net.http.HttpClient;
import java.time.Duration;

import io.netty.handler.ssl.SslContextBuilder;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.tcp.SslProvider;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.ssl.SslBundle;

/**
 * HTTP client libraries.
 */
enum ClientLibrary {

	JDK("JDK") {

		@Override
		ClientHttpRequestFactoryBuilder<?> builder(Protocol protocol, SslBundle trusted) {
			HttpClient.Version version = (protocol == Protocol.HTTP_2) ? HttpClient.Version.HTTP_2
					: HttpClient.Version.HTTP_1_1;
			return ClientHttpRequestFactoryBuilder.jdk().withHttpClientCustomizer((client) -> client.version(version));
		}

	},

	JETTY("Jetty") {

		@Override
		ClientHttpRequestFactoryBuilder<?> builder(Protocol protocol, SslBundle trusted) {
			return (protocol == Protocol.HTTP_2)
					? ClientHttpRequestFactoryBuilder.jetty().withHttpClientTransportFactory(ClientLibrary::jettyHttp2)
					: ClientHttpRequestFactoryBuilder.jetty();
		}

	},

	APACHE("Apache") {

		@Override
		boolean supports(Protocol protocol) {
			return protocol == Protocol.HTTP_1_1;
		}

		@Override
		boolean hasVersionProperty() {
			return false;
		}

		@Override
		boolean tellsProtocol() {
			return false;
		}

		/** The client tests a connection that was idle for 2 s. */
		@Override
		Duration idleTimeout() {
			return Duration.ofSeconds(3);
		}

		@Override
		ClientHttpRequestFactoryBuilder<?> builder(Protocol protocol, SslBundle trusted) {
			return ClientHttpRequestFactoryBuilder.httpComponents();
		}

	},

	REACTOR("Reactor Netty") {

		@Override
		boolean hasVersionProperty() {
			return false;
		}

		/** Spring Boot's TLS settings do not offer HTTP/2 with this library. */
		@Override
		ClientHttpRequestFactoryBuilder<?> builder(Protocol protocol, SslBundle trusted) {
			if (protocol == Protocol.HTTP_1_1) {
				return ClientHttpRequestFactoryBuilder.reactor();
			}
			SslProvider.GenericSslContextSpec<SslContextBuilder> tls = Http2SslContextSpec.forClient()
				.configure((context) -> context.trustManager(trusted.getManagers().getTrustManagerFactory()));
			return ClientHttpRequestFactoryBuilder.reactor()
				.withHttpClientCustomizer((client) -> client.protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
					.secure((spec) -> spec.sslContext(tls)));
		}

	};

	private final String title;

	ClientLibrary(String title) {
		this.title = title;
	}

	private static HttpClientTransport jettyHttp2(ClientConnector connector) {
		return new HttpClientTransportDynamic(connector, HttpClientConnectionFactory.HTTP11,
				new ClientConnectionFactoryOverHTTP2.HTTP2(new HTTP2Client(connector)));
	}

	@Override
	public String toString() {
		return this.title;
	}

	/** Return whether Spring Boot's client of the library supports a protocol. */
	boolean supports(Protocol protocol) {
		return true;
	}

	/** Return whether the pool can set the protocol. */
	boolean hasVersionProperty() {
		return true;
	}

	/** Return whether the pool knows the protocol of its connections. */
	boolean tellsProtocol() {
		return true;
	}

	/**
	 * Return an idle timeout of servers after which the client notices that the server
	 * has closed a connection.
	 */
	Duration idleTimeout() {
		return Duration.ofSeconds(1);
	}

	/**
	 * Return a builder of clients, as an application would configure it.
	 * @param protocol the protocol to use
	 * @param trusted the bundle that contains the trusted certificates
	 */
	abstract ClientHttpRequestFactoryBuilder<?> builder(Protocol protocol, SslBundle trusted);

}
