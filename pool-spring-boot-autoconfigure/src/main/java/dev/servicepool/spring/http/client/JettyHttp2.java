package dev.servicepool.spring.http.client;

import java.net.URI;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jetty.client.ConnectionPool;
import org.eclipse.jetty.client.HttpClient;
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

	private static final Log logger = LogFactory.getLog(JettyHttp2.class);

	/** The time to wait for a connection before its service joins the pool. */
	private static final long MAX_WAIT_MILLIS = 500;

	private JettyHttp2() {
	}

	/**
	 * Connect a client to its server, and read the stream limit. If this takes long or
	 * fails, the first request waits for the connection or reports the failure.
	 * @param pool the name of the pool
	 * @param client the client
	 * @param server the address of the requests
	 * @return whether the client is connected
	 */
	static boolean connect(String pool, HttpClient client, URI server) {
		try {
			client.start();
			ConnectionPool connections = client.resolveDestination(client.newRequest(server)).getConnectionPool();
			connections.preCreateConnections(1).get(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (Exception ex) {
			logger.debug("Pool '" + pool + "': a service joins without a connection to " + server, ex);
			return false;
		}
	}

	static HttpClientTransport transport(ClientConnector connector) {
		return new HttpClientTransportDynamic(connector, HttpClientConnectionFactory.HTTP11,
				new ClientConnectionFactoryOverHTTP2.HTTP2(new HTTP2Client(connector)));
	}

}
