package dev.servicepool.compatibility.matrix;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;

import dev.servicepool.fixtures.Echo;
import dev.servicepool.fixtures.ServerLimits;
import dev.servicepool.fixtures.TestKeyStore;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslContextBuilder;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.tcp.SslProvider;

/**
 * Server of Reactor Netty that performs {@link Echo}.
 */
final class NettyServer implements AutoCloseable {

	private static final int THREADS = 300;

	private static final int QUEUED = 1000;

	private final Scheduler threads = Schedulers.newBoundedElastic(THREADS, QUEUED, "netty-server");

	private final DisposableServer server;

	private final DisposableServer clear;

	NettyServer(TestKeyStore key, ServerLimits limits, Path folder) throws IOException {
		Path certificate = folder.resolve("certificate.pem");
		Path privateKey = folder.resolve("key.pem");
		key.writePem(certificate, privateKey);
		SslProvider.GenericSslContextSpec<SslContextBuilder> tls = Http2SslContextSpec.forServer(certificate.toFile(),
				privateKey.toFile());
		HttpServer server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
			.secure((spec) -> spec.sslContext(tls))
			.idleTimeout(limits.idleTimeout())
			.handle(this::handle);
		Integer streams = limits.streams();
		this.server = ((streams != null) ? server.http2Settings((settings) -> settings.maxConcurrentStreams(streams))
				: server)
			.bindNow();
		this.clear = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.protocol(HttpProtocol.H2C, HttpProtocol.HTTP11)
			.handle(this::handle)
			.bindNow();
	}

	private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
		return request.receive()
			.aggregate()
			.asInputStream()
			.defaultIfEmpty(InputStream.nullInputStream())
			.publishOn(this.threads)
			.map((body) -> respond(request, body))
			.flatMap((body) -> response.header("Protocol", request.protocol())
				.header("Content-Length", Integer.toString(body.length))
				.sendByteArray(Mono.just(body))
				.then());
	}

	private static byte[] respond(HttpServerRequest request, InputStream input) {
		QueryStringDecoder query = new QueryStringDecoder(request.uri());
		try (InputStream body = input) {
			return Echo.respond(request.method().name(), body, parameter(query, "size"), parameter(query, "millis"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static @Nullable String parameter(QueryStringDecoder query, String name) {
		return query.parameters().containsKey(name) ? query.parameters().get(name).get(0) : null;
	}

	URI uri() {
		return URI.create("https://127.0.0.1:" + this.server.port());
	}

	URI clearUri() {
		return URI.create("http://127.0.0.1:" + this.clear.port());
	}

	@Override
	public void close() {
		this.clear.disposeNow();
		this.server.disposeNow();
		this.threads.dispose();
	}

}
