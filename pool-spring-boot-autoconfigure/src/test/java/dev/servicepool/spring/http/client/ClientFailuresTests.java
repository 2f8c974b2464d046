package dev.servicepool.spring.http.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateExpiredException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

import javax.net.ssl.SSLHandshakeException;

import dev.servicepool.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link ClientFailures} with exceptions of the JDK's client on Java 17 or 25.
 */
class ClientFailuresTests {

	@ParameterizedTest
	@MethodSource
	void failureHasOutcome(Throwable failure, Outcome expected) {
		assertThat(ClientFailures.classify(failure)).isEqualTo(expected);
	}

	static Stream<Arguments> failureHasOutcome() {
		return Stream.of(arguments(new ConnectException(), Outcome.NOT_SENT),
				arguments(new HttpConnectTimeoutException("HTTP connect timed out"), Outcome.NOT_SENT),
				arguments(new IOException("too many concurrent streams"), Outcome.NOT_SENT),
				arguments(new IOException("Received RST_STREAM: Stream not processed"), Outcome.NOT_SENT),
				arguments(new IOException(new IOException("request not processed by peer")), Outcome.NOT_SENT),
				arguments(causedBy(new SSLHandshakeException("PKIX path validation failed"),
						new CertificateExpiredException()), Outcome.NOT_SENT),
				arguments(new SSLHandshakeException("Received fatal alert: bad_certificate"), Outcome.CONNECTION_LOST),
				arguments(new IOException("/127.0.0.1:8080: GOAWAY received"), Outcome.CONNECTION_LOST),
				arguments(new IOException("HTTP/1.1 header parser received no bytes", new EOFException()),
						Outcome.CONNECTION_LOST),
				arguments(new SocketException("Connection reset"), Outcome.CONNECTION_LOST),
				arguments(new IOException("Received RST_STREAM: Protocol error"), Outcome.CONNECTION_LOST),
				arguments(new IOException("Received RST_STREAM: Stream is closed"), Outcome.CONNECTION_LOST),
				arguments(new IOException("Received RST_STREAM: Internal error"), Outcome.SERVER_ERROR),
				arguments(new ProtocolException("protocol error"), Outcome.SERVER_ERROR),
				arguments(new HttpTimeoutException(null), Outcome.NO_RESPONSE),
				arguments(new IOException("Request was interrupted: null", new InterruptedException()), Outcome.CALLER),
				arguments(new IllegalStateException("interceptor"), Outcome.CALLER),
				arguments(new IOException("selector manager closed"), Outcome.BROKEN),
				arguments(new IOException("closed"), Outcome.BROKEN),
				arguments(new IOException("closed", new EOFException()), Outcome.CONNECTION_LOST),
				arguments(new RejectedExecutionException(), Outcome.BROKEN));
	}

	private static <T extends Throwable> T causedBy(T failure, Throwable cause) {
		failure.initCause(cause);
		return failure;
	}

}
