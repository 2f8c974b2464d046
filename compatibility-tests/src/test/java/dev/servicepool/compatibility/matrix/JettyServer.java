package dev.servicepool.compatibility.matrix;

import java.net.URI;
import java.nio.ByteBuffer;

import dev.servicepool.fixtures.Echo;
import dev.servicepool.fixtures.ServerLimits;
import dev.servicepool.fixtures.TestKeyStore;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Jetty server that performs {@link Echo}.
 */
final class JettyServer implements AutoCloseable {

	private static final int THREADS = 300;

	private final Server server = new Server(new QueuedThreadPool(THREADS));

	private final ServerConnector connector;

	private final ServerConnector clear;

	JettyServer(TestKeyStore key, ServerLimits limits) throws Exception {
		SslContextFactory.Server tls = new SslContextFactory.Server();
		tls.setKeyStorePath(key.file().toString());
		tls.setKeyStorePassword(TestKeyStore.PASSWORD);
		HttpConfiguration configuration = new HttpConfiguration();
		// Clients call an address, which TLS does not transfer as a name.
		configuration.addCustomizer(new SecureRequestCustomizer(false));
		HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(configuration);
		Integer streams = limits.streams();
		if (streams != null) {
			http2.setMaxConcurrentStreams(streams);
		}
		ALPNServerConnectionFactory negotiation = new ALPNServerConnectionFactory();
		negotiation.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
		this.connector = new ServerConnector(this.server, new SslConnectionFactory(tls, negotiation.getProtocol()),
				negotiation, http2, new HttpConnectionFactory(configuration));
		this.connector.setHost("127.0.0.1");
		this.connector.setIdleTimeout(limits.idleTimeout().toMillis());
		this.server.addConnector(this.connector);
		this.clear = new ServerConnector(this.server, new HttpConnectionFactory(),
				new HTTP2CServerConnectionFactory(new HttpConfiguration()));
		this.clear.setHost("127.0.0.1");
		this.server.addConnector(this.clear);
		this.server.setHandler(new EchoHandler());
		this.server.start();
	}

	URI uri() {
		return URI.create("https://127.0.0.1:" + this.connector.getLocalPort());
	}

	URI clearUri() {
		return URI.create("http://127.0.0.1:" + this.clear.getLocalPort());
	}

	@Override
	public void close() {
		LifeCycle.stop(this.server);
	}

	private static final class EchoHandler extends Handler.Abstract {

		@Override
		public boolean handle(Request request, Response response, Callback callback) throws Exception {
			Fields query = Request.extractQueryParameters(request);
			byte[] body = Echo.respond(request.getMethod(), Content.Source.asInputStream(request),
					query.getValue("size"), query.getValue("millis"));
			response.getHeaders().put("Protocol", request.getConnectionMetaData().getHttpVersion().asString());
			response.getHeaders().put("Content-Length", body.length);
			response.write(true, ByteBuffer.wrap(body), callback);
			return true;
		}

	}

}
