package dev.servicepool.spring.http.client;

import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;

import org.springframework.util.ClassUtils;

/**
 * HTTP/2 with Jetty's client, which requires {@code jetty-http2-client-transport}. Over
 * TLS, client and server negotiate the version. Without TLS, the client uses HTTP/1.1.
 * <p>
 * The client reads the stream limit from the settings of the server. Further requests use
 * another connection.
 */
final class JettyHttp2 {

	/** Whether the library is on the class path. */
	static final boolean PRESENT = ClassUtils.isPresent(
			"org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2",
			JettyHttp2.class.getClassLoader());

	private JettyHttp2() {
	}

	static HttpClientTransport transport(ClientConnector connector) {
		return new HttpClientTransportDynamic(connector, HttpClientConnectionFactory.HTTP11,
				new ClientConnectionFactoryOverHTTP2.HTTP2(new HTTP2Client(connector)));
	}

}
